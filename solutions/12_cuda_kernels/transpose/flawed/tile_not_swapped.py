"""The tiles change places, but each is written as it was read.

caught_by: test_any_shape
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
#define TILE 32

__global__ void transpose(float *out, const float *in, int rows, int columns)
{
    __shared__ float tile[TILE][TILE + 1];  // one more, so that the elements of a column are in different banks

    int row = blockIdx.y * TILE, column = blockIdx.x * TILE;
    int x = threadIdx.x;

    for (int y = threadIdx.y; y < TILE; y += blockDim.y)
        if (row + y < rows && column + x < columns)
            tile[y][x] = in[(row + y) * columns + column + x];
    __syncthreads();
    for (int y = threadIdx.y; y < TILE; y += blockDim.y)
        if (column + y < columns && row + x < rows)
            out[(column + y) * rows + row + x] = tile[y][x];
}
"""
TILE = 32
BLOCK_ROWS = 8


def transpose(a: np.ndarray) -> np.ndarray:
    """The transposed of a float32 matrix, in a new array with its rows one after the other in memory."""
    rows, columns = a.shape
    out = np.empty((columns, rows), np.float32)
    if a.size:
        grid = (-(-columns // TILE), -(-rows // TILE))
        kernel = SourceModule(KERNEL).get_function("transpose")
        kernel(drv.Out(out), drv.In(a), np.int32(rows), np.int32(columns), block=(TILE, BLOCK_ROWS, 1), grid=grid)
    return out
