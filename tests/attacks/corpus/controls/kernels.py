"""An honest kernel, which must get full marks on every rung: it is compiled where little can be written.

exercise: vector_add
verdict: pass
earns: test_sums test_nothing_to_add test_any_grid_and_block test_nothing_outside test_the_kernel_does_the_work test_each_element_once test_side_by_side
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void add(float *c, const float *a, const float *b, int n)
{
    int threads = blockDim.x * blockDim.y;
    int first = blockIdx.x * threads + threadIdx.y * blockDim.x + threadIdx.x;
    for (int i = first; i < n; i += gridDim.x * threads)
        c[i] = a[i] + b[i];
}
"""
BLOCK = 256
MOST_BLOCKS = 1024


def add(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The sums of the elements of two float32 arrays of the same length, in a new array."""
    c = np.empty_like(a)
    if a.size:
        blocks = min((a.size + BLOCK - 1) // BLOCK, MOST_BLOCKS)
        kernel = SourceModule(KERNEL).get_function("add")
        kernel(drv.Out(c), drv.In(a), drv.In(b), np.int32(a.size), block=(BLOCK, 1, 1), grid=(blocks, 1))
    return c
