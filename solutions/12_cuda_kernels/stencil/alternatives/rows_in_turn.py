"""A block goes down the array with a few rows in shared memory, each of which it loads when it is needed."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
const int WIDTH = 64, HEIGHT = 16;

__device__ void load(float *line, const float *in, int row, int rows, int columns)
{
    int first = blockIdx.x * WIDTH - 1;
    for (int k = threadIdx.x; k < WIDTH + 2; k += blockDim.x) {
        int column = first + k;
        line[k] = row >= 0 && row < rows && column >= 0 && column < columns ? in[row * columns + column] : 0;
    }
}

__global__ void stencil(float *out, const float *in, int rows, int columns)
{
    __shared__ float lines[3][WIDTH + 2];
    int begin = blockIdx.y * HEIGHT, column = blockIdx.x * WIDTH + threadIdx.x, own = threadIdx.x + 1;
    load(lines[0], in, begin - 1, rows, columns);
    load(lines[1], in, begin, rows, columns);
    for (int turn = 0; turn < HEIGHT; turn++) {
        float *above = lines[turn % 3], *here = lines[(turn + 1) % 3], *below = lines[(turn + 2) % 3];
        load(below, in, begin + turn + 1, rows, columns);
        __syncthreads();
        if (column < columns && begin + turn < rows) {
            float neighbours = above[own] + below[own] + here[own - 1] + here[own + 1];
            out[(begin + turn) * columns + column] = here[own] * 0.5f + neighbours * 0.125f;
        }
        __syncthreads();
    }
}
"""


def stencil(a: np.ndarray) -> np.ndarray:
    """For each element of a float32 array half of it and an eighth of each of its neighbours, in a new array."""
    rows, columns = a.shape
    if 0 in a.shape:
        return np.empty_like(a)
    on_device, out = drv.mem_alloc(a.nbytes), drv.mem_alloc(a.nbytes)
    drv.memcpy_htod(on_device, a)
    kernel = SourceModule(KERNEL).get_function("stencil")
    grid = (-(-columns // 64), -(-rows // 16), 1)
    kernel(out, on_device, np.int32(rows), np.int32(columns), block=(64, 1, 1), grid=grid)
    result = np.empty(a.shape, np.float32)
    drv.memcpy_dtoh(result, out)
    return result
