"""Each thread moves a whole row.

caught_by: test_side_by_side
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void transpose(float *out, const float *in, int rows, int columns)
{
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row < rows)
        for (int column = 0; column < columns; column++)
            out[column * rows + row] = in[row * columns + column];
}
"""


def transpose(a: np.ndarray) -> np.ndarray:
    """The transposed of a float32 matrix, in a new array with its rows one after the other in memory."""
    rows, columns = a.shape
    out = np.empty((columns, rows), np.float32)
    if a.size:
        grid = (-(-rows // 64), 1)
        kernel = SourceModule(KERNEL).get_function("transpose")
        kernel(drv.Out(out), drv.In(a), np.int32(rows), np.int32(columns), block=(64, 1, 1), grid=grid)
    return out
