"""The kernel copies, and NumPy transposes the copy.

caught_by: test_the_kernel_does_the_work
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void transpose(float *out, const float *in, int rows, int columns)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < rows * columns)
        out[i] = in[i];
}
"""


def transpose(a: np.ndarray) -> np.ndarray:
    """The transposed of a float32 matrix, in a new array with its rows one after the other in memory."""
    rows, columns = a.shape
    out = np.empty((rows, columns), np.float32)
    if a.size:
        grid = (-(-a.size // 256), 1)
        kernel = SourceModule(KERNEL).get_function("transpose")
        kernel(drv.Out(out), drv.In(a), np.int32(rows), np.int32(columns), block=(256, 1, 1), grid=grid)
    return np.ascontiguousarray(out.T)
