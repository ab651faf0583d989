"""Each thread loads its whole row and its whole column by itself.

caught_by: test_a_sixteenth
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
#define TILE 16

__global__ void matmul(float *c, const float *a, const float *b, int m, int k, int n)
{
    int x = threadIdx.x, y = threadIdx.y;
    int row = blockIdx.y * TILE + y, column = blockIdx.x * TILE + x;
    float sum = 0;

    if (row < m && column < n)
        for (int i = 0; i < k; i++)
            sum += a[row * k + i] * b[i * n + column];
    if (row < m && column < n)
        c[row * n + column] = sum;
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
    return c
