"""Puts the sums of the blocks into the argument.

caught_by: test_any_length
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
#define BLOCK 256

__global__ void reduce(float *sums, const float *in, int n)
{
    __shared__ float part[BLOCK];

    int t = threadIdx.x;
    float sum = 0;
    for (int i = blockIdx.x * BLOCK + t; i < n; i += gridDim.x * BLOCK)
        sum += in[i];
    part[t] = sum;
    __syncthreads();

    for (int half = BLOCK / 2; half > 0; half /= 2) {
        if (t < half)
            part[t] += part[t + half];
        __syncthreads();
    }
    if (t == 0)
        sums[blockIdx.x] = part[0];
}
"""
BLOCK = 256
MOST_BLOCKS = 512


def reduce_sum(a: np.ndarray) -> float:
    """The sum of the elements of a float32 array."""
    if a.size == 0:
        return 0.0
    kernel = SourceModule(KERNEL).get_function("reduce")
    blocks = min(-(-a.size // BLOCK), MOST_BLOCKS)
    sums, total = drv.mem_alloc(blocks * a.itemsize), np.empty(1, np.float32)
    kernel(sums, drv.In(a), np.int32(a.size), block=(BLOCK, 1, 1), grid=(blocks, 1))
    drv.memcpy_dtoh(a[:blocks], sums)
    kernel(drv.Out(total), drv.In(a), np.int32(blocks), block=(BLOCK, 1, 1), grid=(1, 1))
    return float(total[0])
