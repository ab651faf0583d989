"""The arrays live on the device as GPUArrays; a helper function numbers the threads."""

import numpy as np
import pycuda.autoinit  # opens the device
from pycuda import gpuarray
from pycuda.compiler import SourceModule

KERNEL = """
__device__ int number_of_this_thread()
{
    return (blockIdx.x * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
}

__device__ int number_of_threads()
{
    return gridDim.x * blockDim.x * blockDim.y;
}

__global__ void add(float *c, const float *a, const float *b, int n)
{
    int i = number_of_this_thread();
    while (i < n) {
        c[i] = a[i] + b[i];
        i += number_of_threads();
    }
}
"""
kernel = SourceModule(KERNEL).get_function("add")


def add(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The sums of the elements of two float32 arrays of the same length, in a new array."""
    if len(a) == 0:
        return np.empty(0, np.float32)
    on_device = gpuarray.to_gpu(a), gpuarray.to_gpu(b)
    sums = gpuarray.empty(a.shape, np.float32)
    kernel(sums, *on_device, np.int32(len(a)), block=(128, 1, 1), grid=(-(-len(a) // 128), 1))
    return sums.get()
