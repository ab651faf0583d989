"""A thread for each element, and a tile without padding whose columns are permuted row by row; arrays as GPUArrays."""

import numpy as np
import pycuda.autoinit  # opens the device
from pycuda import gpuarray
from pycuda.compiler import SourceModule

KERNEL = """
extern "C" __global__ void transpose(float *__restrict__ out, const float *__restrict__ in, int rows, int columns)
{
    __shared__ float tile[32 * 32];
    const int x = threadIdx.x, y = threadIdx.y;

    int i = blockIdx.y * 32 + y, j = blockIdx.x * 32 + x;
    if (i < rows && j < columns)
        tile[y * 32 + (x ^ y)] = in[i * columns + j];

    __syncthreads();

    i = blockIdx.x * 32 + y;
    j = blockIdx.y * 32 + x;
    if (i < columns && j < rows)
        out[i * rows + j] = tile[x * 32 + (y ^ x)];
}
"""
kernel = SourceModule(KERNEL, no_extern_c=True).get_function("transpose")


def transpose(a: np.ndarray) -> np.ndarray:
    """The transposed of a float32 matrix, in a new array with its rows one after the other in memory."""
    if 0 in a.shape:
        return np.empty(a.shape[::-1], np.float32)
    transposed = gpuarray.empty(a.shape[::-1], np.float32)
    grid = ((a.shape[1] + 31) // 32, (a.shape[0] + 31) // 32, 1)
    kernel(transposed, gpuarray.to_gpu(a), *map(np.int32, a.shape), block=(32, 32, 1), grid=grid)
    return transposed.get()
