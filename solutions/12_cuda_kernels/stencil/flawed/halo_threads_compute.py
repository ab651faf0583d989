"""The threads of the halo write, too, what other blocks compute.

caught_by: test_no_accidents
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
extern "C" __global__ void stencil(float *__restrict__ out, const float *__restrict__ in, int rows, int columns)
{
    extern __shared__ float tile[];
    const int column = blockIdx.x * (blockDim.x - 2) + threadIdx.x - 1;
    const int row = blockIdx.y * (blockDim.y - 2) + threadIdx.y - 1;
    const int place = threadIdx.y * blockDim.x + threadIdx.x;
    const bool inside = (unsigned)row < (unsigned)rows && (unsigned)column < (unsigned)columns;
    const bool in_halo = threadIdx.x == 0 || threadIdx.x == blockDim.x - 1 || threadIdx.y == 0 ||
                         threadIdx.y == blockDim.y - 1;
    tile[place] = inside ? in[row * columns + column] : 0.0f;
    __syncthreads();
    if (inside && (!in_halo || threadIdx.x > 0 && threadIdx.y > 0 && threadIdx.y < blockDim.y - 1)) {
        float sum = 4.0f * tile[place];
        sum += tile[place - 1];
        sum += tile[place + 1];
        sum += tile[place - blockDim.x];
        sum += tile[place + blockDim.x];
        out[row * columns + column] = sum * 0.125f;
    }
}
"""
SIDE = 32


def stencil(a: np.ndarray) -> np.ndarray:
    """For each element of a float32 array half of it and an eighth of each of its neighbours, in a new array."""
    if not a.size:
        return a.copy()
    kernel = SourceModule(KERNEL, no_extern_c=True).get_function("stencil").prepare("PPii")
    on_device, out = drv.to_device(a), drv.mem_alloc(a.nbytes)
    rows, columns = a.shape
    grid = ((columns - 1) // (SIDE - 2) + 1, (rows - 1) // (SIDE - 2) + 1)
    kernel.prepared_call(grid, (SIDE, SIDE, 1), out, on_device, rows, columns, shared_size=4 * SIDE * SIDE)
    return drv.from_device(out, a.shape, np.float32)
