"""Each thread moves one element directly: rows are read side by side, columns are written in large steps.

caught_by: test_side_by_side
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
    int column = blockIdx.x * TILE + threadIdx.x;
    for (int y = threadIdx.y; y < TILE; y += blockDim.y) {
        int row = blockIdx.y * TILE + y;
        if (row < rows && column < columns)
            out[column * rows + row] = in[row * columns + column];
    }
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
