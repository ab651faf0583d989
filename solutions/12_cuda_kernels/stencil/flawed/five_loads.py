"""Every thread loads all five elements from global memory.

caught_by: test_loaded_once
verdict: fail
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
    int first_row = blockIdx.y * TILE - 1, first_column = blockIdx.x * TILE - 1;
    int y = threadIdx.y + 1, x = threadIdx.x + 1, row = first_row + y, column = first_column + x;
    if (row < rows && column < columns) {
        const float *own = &in[row * columns + column];
        float neighbours = (row > 0 ? own[-columns] : 0) + (row + 1 < rows ? own[columns] : 0);
        neighbours += (column > 0 ? own[-1] : 0) + (column + 1 < columns ? own[1] : 0);
        out[row * columns + column] = 0.5f * own[0] + 0.125f * neighbours;
    }
}
"""


def stencil(a: np.ndarray) -> np.ndarray:
    """For each element of a float32 array half of it and an eighth of each of its neighbours, in a new array."""
    out = np.empty_like(a)
    if a.size:
        rows, columns = a.shape
        grid = (columns + TILE - 1) // TILE, (rows + TILE - 1) // TILE
        kernel = SourceModule(KERNEL).get_function("stencil")
        kernel(drv.Out(out), drv.In(a), np.int32(rows), np.int32(columns), block=(TILE, TILE, 1), grid=grid)
    return out
