"""A block adds up two numbers for each thread, in dynamic shared memory; launched again until one is left."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void reduce(float *sums, const float *in, int n)
{
    extern __shared__ float tree[];
    unsigned int left = 2 * blockIdx.x * blockDim.x + threadIdx.x, right = left + blockDim.x;

    tree[threadIdx.x] = (left < n ? in[left] : 0) + (right < n ? in[right] : 0);
    for (unsigned int living = blockDim.x >> 1; living; living >>= 1) {
        __syncthreads();
        if (threadIdx.x < living)
            tree[threadIdx.x] = tree[threadIdx.x] + tree[threadIdx.x + living];
    }
    if (!threadIdx.x)
        sums[blockIdx.x] = *tree;
}
"""
THREADS = 64


def reduce_sum(a: np.ndarray) -> float:
    """The sum of the elements of a float32 array."""
    if not len(a):
        return 0.0
    reduce = SourceModule(KERNEL).get_function("reduce")
    numbers, n = drv.to_device(a), len(a)
    while True:
        blocks = (n + 2 * THREADS - 1) // (2 * THREADS)
        sums = drv.mem_alloc(blocks * 4)
        reduce(sums, numbers, np.int32(n), grid=(blocks, 1), block=(THREADS, 1, 1), shared=4 * THREADS)
        numbers, n = sums, blocks
        if n == 1:
            return drv.from_device(numbers, (1,), np.float32).item()
