"""The loops over the bins include the one behind the last.

caught_by: test_no_accidents
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void histogram(unsigned int *counts, const unsigned char *data, int n, int bins)
{
    __shared__ unsigned int own[257];
    for (int bin = threadIdx.x; bin <= bins; bin += blockDim.x)
        own[bin] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int value = data[i];
        if (value < bins)
            atomicAdd(&own[value], 1);
    }
    __syncthreads();
    for (int bin = threadIdx.x; bin <= bins; bin += blockDim.x)
        atomicAdd(&counts[bin], own[bin]);
}
"""
BLOCK = 256
MOST_BLOCKS = 32


def histogram(data: np.ndarray, bins: int) -> np.ndarray:
    """How often each value below `bins` occurs in an array of uint8, in a new array of uint32."""
    counts = np.zeros(bins, np.uint32)
    if data.size:
        blocks = min((data.size + BLOCK - 1) // BLOCK, MOST_BLOCKS)
        kernel = SourceModule(KERNEL).get_function("histogram")
        sizes = np.int32(data.size), np.int32(bins)
        kernel(drv.InOut(counts), drv.In(data), *sizes, block=(BLOCK, 1, 1), grid=(blocks, 1))
    return counts
