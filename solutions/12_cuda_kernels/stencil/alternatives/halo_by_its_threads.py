"""Tiles of 8 rows of 32: the threads at an edge load the halo next to them; the arrays are GPUArrays."""

import numpy as np
import pycuda.autoinit  # opens the device
from pycuda import gpuarray
from pycuda.compiler import SourceModule

KERNEL = """
__device__ float at(const float *in, int row, int column, int rows, int columns)
{
    if (row < 0 || row >= rows || column < 0 || column >= columns)
        return 0.0f;
    return in[row * columns + column];
}

__global__ void stencil(float *out, const float *in, int rows, int columns)
{
    __shared__ float tile[10][34];
    int x = threadIdx.x + 1, y = threadIdx.y + 1;
    int column = blockIdx.x * 32 + threadIdx.x, row = blockIdx.y * 8 + threadIdx.y;
    tile[y][x] = at(in, row, column, rows, columns);
    if (threadIdx.x == 0)
        tile[y][0] = at(in, row, column - 1, rows, columns);
    if (threadIdx.x == 31)
        tile[y][33] = at(in, row, column + 1, rows, columns);
    if (threadIdx.y == 0)
        tile[0][x] = at(in, row - 1, column, rows, columns);
    if (threadIdx.y == 7)
        tile[9][x] = at(in, row + 1, column, rows, columns);
    __syncthreads();
    if (row >= rows || column >= columns)
        return;
    out[row * columns + column] =
        (4 * tile[y][x] + tile[y - 1][x] + tile[y + 1][x] + tile[y][x - 1] + tile[y][x + 1]) / 8;
}
"""
kernel = SourceModule(KERNEL).get_function("stencil")


def stencil(a: np.ndarray) -> np.ndarray:
    """For each element of a float32 array half of it and an eighth of each of its neighbours, in a new array."""
    rows, columns = a.shape
    if rows == 0 or columns == 0:
        return np.zeros((rows, columns), np.float32)
    on_device = gpuarray.to_gpu(a)
    out = gpuarray.zeros_like(on_device)
    grid = (-(-columns // 32), -(-rows // 8))
    kernel(out, on_device, np.int32(rows), np.int32(columns), block=(32, 8, 1), grid=grid)
    return out.get()
