"""Launches a grid of no blocks where there are no elements, which is an error.

caught_by: test_nothing_to_compute
verdict: error
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

TILE = 16
KERNEL = """
#define TILE 16
#define WIDE (TILE + 2)  // with the halo

__global__ void stencil(float *out, const float *in, int rows, int columns)
{
    __shared__ float tile[WIDE][WIDE];
    int first_row = blockIdx.y * TILE - 1, first_column = blockIdx.x * TILE - 1;
    for (int k = threadIdx.y * TILE + threadIdx.x; k < WIDE * WIDE; k += TILE * TILE) {
        int row = first_row + k / WIDE, column = first_column + k % WIDE;
        bool inside = row >= 0 && row < rows && column >= 0 && column < columns;
        tile[k / WIDE][k % WIDE] = inside ? in[row * columns + column] : 0;
    }
    __syncthreads();
    int y = threadIdx.y + 1, x = threadIdx.x + 1, row = first_row + y, column = first_column + x;
    if (row < rows && column < columns) {
        float neighbours = tile[y - 1][x] + tile[y + 1][x] + tile[y][x - 1] + tile[y][x + 1];
        out[row * columns + column] = 0.5f * tile[y][x] + 0.125f * neighbours;
    }
}
"""


def stencil(a: np.ndarray) -> np.ndarray:
    """For each element of a float32 array half of it and an eighth of each of its neighbours, in a new array."""
    out = np.empty_like(a)
    if a.size is not None:
        rows, columns = a.shape
        grid = (columns + TILE - 1) // TILE, (rows + TILE - 1) // TILE
        kernel = SourceModule(KERNEL).get_function("stencil")
        kernel(drv.Out(out), drv.In(a), np.int32(rows), np.int32(columns), block=(TILE, TILE, 1), grid=grid)
    return out
