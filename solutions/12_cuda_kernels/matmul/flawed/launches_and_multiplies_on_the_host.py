"""Launches a kernel that does nothing, and lets NumPy multiply.

caught_by: test_the_kernel_does_the_work
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void matmul(float *c, const float *a, const float *b, int m, int k, int n)
{
}
"""
TILE = 16


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two float32 matrices, in a new array."""
    (m, k), n = a.shape, b.shape[1]
    c = np.zeros((m, n), np.float32)
    if m and k and n:
        kernel = SourceModule(KERNEL).get_function("matmul")
        sizes = map(np.int32, (m, k, n))
        kernel(drv.Out(c), drv.In(a), drv.In(b), *sizes, block=(TILE, TILE, 1), grid=(-(-n // TILE), -(-m // TILE)))
    return a @ b
