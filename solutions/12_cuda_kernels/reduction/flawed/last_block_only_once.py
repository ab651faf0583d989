"""Blocks that are done are counted from where the call before has left the count.

caught_by: test_any_length
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
#define THREADS 128

__device__ unsigned int blocks_done = 0;

// The sum of the numbers of all threads of the block, told to all of them.
__device__ float sum_of_block(float number)
{
    __shared__ volatile float numbers[THREADS];
    int t = threadIdx.x;

    __syncthreads();
    numbers[t] = number;
    __syncthreads();
    if (t < 64)
        numbers[t] = number = number + numbers[t + 64];
    __syncthreads();
    if (t < 32) {
        numbers[t] = number = number + numbers[t + 32];
        __syncwarp();
        for (int half = 16; half >= 1; half /= 2) {
            float other = numbers[t + half];
            __syncwarp();
            numbers[t] = number = number + other;
            __syncwarp();
        }
    }
    __syncthreads();
    return numbers[0];
}

__global__ void reduce(float *sums, const float *in, int n)
{
    __shared__ bool is_last;
    float number = 0;
    for (int i = blockIdx.x * THREADS + threadIdx.x; i < n; i += gridDim.x * THREADS)
        number += in[i];
    number = sum_of_block(number);

    if (threadIdx.x == 0) {
        sums[blockIdx.x] = number;
        __threadfence();
        is_last = atomicAdd(&blocks_done, 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (is_last) {
        number = 0;
        for (int i = threadIdx.x; i < gridDim.x; i += THREADS)
            number += sums[i];
        number = sum_of_block(number);
        if (threadIdx.x == 0)
            sums[0] = number;
    }
}
"""
kernel = SourceModule(KERNEL).get_function("reduce").prepare("PPi")


def reduce_sum(a: np.ndarray) -> np.float32:
    """The sum of the elements of a float32 array."""
    n = a.shape[0]
    if n == 0:
        return np.float32(0)
    blocks = min((n + 511) // 512, 200)
    elements, sums = drv.to_device(a), drv.mem_alloc(4 * blocks)
    kernel.prepared_call((blocks, 1), (128, 1, 1), sums, elements, n)
    total = np.zeros(1, np.float32)
    drv.memcpy_dtoh(total, sums)
    return total[0]
