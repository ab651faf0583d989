"""Threads next to each other load what lies in a column.

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
    __shared__ float of_a[TILE][TILE], of_b[TILE][TILE];

    int x = threadIdx.y, y = threadIdx.x;
    int row = blockIdx.y * TILE + y, column = blockIdx.x * TILE + x;
    float sum = 0;

    for (int first = 0; first < k; first += TILE) {
        of_a[y][x] = row < m && first + x < k ? a[row * k + first + x] : 0;
        of_b[y][x] = first + y < k && column < n ? b[(first + y) * n + column] : 0;
        __syncthreads();
        for (int i = 0; i < TILE; i++)
            sum += of_a[y][i] * of_b[i][x];
        __syncthreads();
    }
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
