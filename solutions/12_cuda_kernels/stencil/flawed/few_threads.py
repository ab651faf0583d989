"""So few threads that each has a column to go down, from the top to the bottom.

caught_by: test_shared_work
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void stencil(float *out, const float *in, int rows, int columns)
{
    int column = blockIdx.x * blockDim.x + threadIdx.x, lane = threadIdx.x % 32;
    int row = (blockIdx.y * blockDim.y + threadIdx.y) * rows, end = rows;
    bool mine = column < columns;
    float above = mine && row > 0 && row - 1 < rows ? in[(row - 1) * columns + column] : 0;
    float here = mine && row < rows ? in[row * columns + column] : 0;
    for (; row < end; row++) {
        const float *own = in + row * columns + column;
        float below = mine && row + 1 < rows ? own[columns] : 0;
        float left = __shfl_up_sync(0xffffffff, here, 1), right = __shfl_down_sync(0xffffffff, here, 1);
        if (lane == 0)
            left = mine && column > 0 ? own[-1] : 0;
        if (lane == 31)
            right = column + 1 < columns ? own[1] : 0;
        if (mine)
            out[row * columns + column] = here / 2 + (above + below + left + right) / 8;
        above = here;
        here = below;
    }
}
"""
module = SourceModule(KERNEL)


def stencil(a: np.ndarray) -> np.ndarray:
    """For each element of a float32 array half of it and an eighth of each of its neighbours, in a new array."""
    out = np.zeros(a.shape, np.float32)
    rows, columns = a.shape
    if out.size:
        grid = ((columns + 31) // 32, 1)
        sizes = np.int32(rows), np.int32(columns)
        module.get_function("stencil")(drv.InOut(out), drv.In(a), *sizes, block=(32, 1, 1), grid=grid)
    return out
