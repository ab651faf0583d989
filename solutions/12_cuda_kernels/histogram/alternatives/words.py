"""Reads four bytes at a time, and the rest one by one; the arrays live on the device as GPUArrays."""

import numpy as np
import pycuda.autoinit  # opens the device
from pycuda import gpuarray
from pycuda.compiler import SourceModule

KERNEL = """
__device__ void count(unsigned int *own, unsigned int value, int bins)
{
    if (value < bins)
        atomicAdd(own + value, 1u);
}

__global__ void histogram(unsigned int *counts, const unsigned char *data, int n, int bins)
{
    __shared__ unsigned int own[256];
    const unsigned int *words = (const unsigned int *)data;
    int thread = blockIdx.x * blockDim.x + threadIdx.x, threads = gridDim.x * blockDim.x;
    for (int bin = threadIdx.x; bin < 256; bin += blockDim.x)
        own[bin] = 0;
    __syncthreads();
    for (int i = thread; i < n / 4; i += threads) {
        unsigned int word = words[i];
        for (int shift = 0; shift < 32; shift += 8)
            count(own, word >> shift & 255, bins);
    }
    for (int i = n / 4 * 4 + thread; i < n; i += threads)
        count(own, data[i], bins);
    __syncthreads();
    for (int bin = threadIdx.x; bin < bins; bin += blockDim.x) {
        unsigned int found = own[bin];
        if (found > 0)
            atomicAdd(counts + bin, found);
    }
}
"""
kernel = SourceModule(KERNEL).get_function("histogram")


def histogram(data: np.ndarray, bins: int) -> np.ndarray:
    """How often each value below `bins` occurs in an array of uint8, in a new array of uint32."""
    counts = gpuarray.zeros(bins, np.uint32)
    if len(data) > 0:
        kernel(counts, gpuarray.to_gpu(data), np.int32(len(data)), np.int32(bins), block=(128, 1, 1), grid=(16, 1))
    return counts.get()
