"""The last block reads the sums of the others without a fence before the word that they are there.

caught_by: test_no_accidents
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__device__ unsigned int blocks_done = 0;

__device__ void scan_tree(int *tree, int size)  // the last element gets the sum of all, the others as they should
{
    int offset = 1, thread = threadIdx.x;
    for (int nodes = size >> 1; nodes > 0; nodes >>= 1) {
        __syncthreads();
        if (thread < nodes)
            tree[offset * (2 * thread + 2) - 1] += tree[offset * (2 * thread + 1) - 1];
        offset *= 2;
    }
    __syncthreads();
    if (thread == 0) {
        tree[size] = tree[size - 1];
        tree[size - 1] = 0;
    }
    for (int nodes = 1; nodes < size; nodes *= 2) {
        offset >>= 1;
        __syncthreads();
        if (thread < nodes) {
            int left = offset * (2 * thread + 1) - 1, right = offset * (2 * thread + 2) - 1, kept = tree[left];
            tree[left] = tree[right];
            tree[right] += kept;
        }
    }
    __syncthreads();
}

__global__ void scan_and_sum(int *out, int *sums, const int *in, int n)
{
    __shared__ int tree[1024 + 1];
    __shared__ bool is_last;
    int first = blockIdx.x * 1024 + 2 * threadIdx.x;
    tree[2 * threadIdx.x] = first < n ? in[first] : 0;
    tree[2 * threadIdx.x + 1] = first + 1 < n ? in[first + 1] : 0;
    scan_tree(tree, 1024);
    if (first < n)
        out[first] = tree[2 * threadIdx.x];
    if (first + 1 < n)
        out[first + 1] = tree[2 * threadIdx.x + 1];
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = tree[1024];
        is_last = atomicInc(&blocks_done, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (!is_last)
        return;
    int before = 0;
    for (int begin = 0; begin < gridDim.x; begin += 1024) {
        for (int k = threadIdx.x; k < 1024; k += blockDim.x)
            tree[k] = begin + k < gridDim.x ? sums[begin + k] : 0;
        scan_tree(tree, 1024);
        for (int k = threadIdx.x; k < 1024 && begin + k < gridDim.x; k += blockDim.x)
            sums[begin + k] = before + tree[k];
        before += tree[1024];
        __syncthreads();
    }
}

__global__ void add(int *out, const int *sums, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && i >= 1024)
        out[i] += sums[i / 1024];
}
"""


def exclusive_scan(a: np.ndarray) -> np.ndarray:
    """For each element of an int32 array the sum of all elements before it, in a new array."""
    if not a.size:
        return a.copy()
    module, blocks = SourceModule(KERNEL), -(-a.size // 1024)
    values, sums = drv.mem_alloc(a.nbytes), drv.mem_alloc(4 * blocks)
    drv.memcpy_htod(values, a)
    result, n = drv.mem_alloc(a.nbytes), np.int32(a.size)
    module.get_function("scan_and_sum")(result, sums, values, n, grid=(blocks, 1), block=(512, 1, 1))
    module.get_function("add")(result, sums, n, grid=(-(-a.size // 256), 1), block=(256, 1, 1))
    return drv.from_device(result, a.shape, np.int32)
