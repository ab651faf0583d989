"""The kernel knows no edges: the matrices are padded to whole tiles before, and the product is cut out behind.

caught_by: test_the_kernel_does_the_work
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

    int x = threadIdx.x, y = threadIdx.y;
    int row = blockIdx.y * TILE + y, column = blockIdx.x * TILE + x;
    float sum = 0;

    for (int first = 0; first < k; first += TILE) {
        of_a[y][x] = a[row * k + first + x];
        of_b[y][x] = b[(first + y) * n + column];
        __syncthreads();
        for (int i = 0; i < TILE; i++)
            sum += of_a[y][i] * of_b[i][x];
        __syncthreads();
    }
    c[row * n + column] = sum;
}
"""
TILE = 16


def whole(size: int) -> int:
    return -(-size // TILE) * TILE


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two float32 matrices, in a new array."""
    (m, k), n = a.shape, b.shape[1]
    c = np.zeros((m, n), np.float32)
    of_kernel = np.zeros((whole(m), whole(n)), np.float32)
    if m and k and n:
        kernel = SourceModule(KERNEL).get_function("matmul")
        sizes = map(np.int32, map(whole, (m, k, n)))
        a, b = (np.pad(x, [(0, whole(size) - size) for size in x.shape]) for x in (a, b))
        grid = (whole(n) // TILE, whole(m) // TILE)
        kernel(drv.Out(of_kernel), drv.In(a), drv.In(b), *sizes, block=(TILE, TILE, 1), grid=grid)
        c[:] = of_kernel[:m, :n]
    return c
