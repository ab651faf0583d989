"""A single launch: blocks look back at what those before them have said; a prepared call with dynamic shared memory."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
#define EACH 8  // elements of a thread, which lie side by side in shared memory
#define NOTHING 0
#define OWN_SUM 1
#define ALL_SUMS 2

struct Said {
    int what, own, all;
};

__device__ int look_back(Said *said, int block)
{
    int before = 0;
    for (int other = block - 1; other >= 0; other--) {
        int what;
        while ((what = atomicAdd(&said[other].what, 0)) == NOTHING)
            ;
        __threadfence();
        if (what == ALL_SUMS)
            return before + said[other].all;
        before += said[other].own;
    }
    return before;
}

extern "C" __global__ void scan(int *out, const int *in, Said *said, unsigned *tickets, int n)
{
    extern __shared__ int shared[];
    __shared__ int block, before;
    int *tile = shared, *sums = shared + EACH * blockDim.x, own = threadIdx.x, threads = blockDim.x;
    if (own == 0)
        block = atomicAdd(tickets, 1);
    __syncthreads();
    int begin = block * EACH * threads;
    for (int k = own; k < EACH * threads; k += threads)
        tile[k] = begin + k < n ? in[begin + k] : 0;
    __syncthreads();
    int sum = 0;
    for (int k = 0; k < EACH; k++)
        sum += tile[EACH * own + k];
    int from = 0;
    sums[own] = sum;
    __syncthreads();
    for (int distance = 1; distance < threads; distance *= 2) {
        sums[(1 - from) * threads + own] = sums[from * threads + own] +
                                           (own >= distance ? sums[from * threads + own - distance] : 0);
        from = 1 - from;
        __syncthreads();
    }
    if (own == threads - 1) {
        said[block].own = sums[from * threads + own];
        __threadfence();
        atomicExch(&said[block].what, OWN_SUM);
        before = look_back(said, block);
        said[block].all = before + sums[from * threads + own];
        __threadfence();
        atomicExch(&said[block].what, ALL_SUMS);
    }
    __syncthreads();
    int running = before + sums[from * threads + own] - sum;
    for (int k = 0; k < EACH; k++) {
        int value = tile[EACH * own + k];
        tile[EACH * own + k] = running;
        running += value;
    }
    __syncthreads();
    for (int k = own; k < EACH * threads && begin + k < n; k += threads)
        out[begin + k] = tile[k];
}
"""
THREADS, EACH = 128, 8


def exclusive_scan(a: np.ndarray) -> np.ndarray:
    """For each element of an int32 array the sum of all elements before it, in a new array."""
    out = np.empty(a.shape, dtype=np.int32)
    if a.nbytes == 0:
        return out
    scan = SourceModule(KERNEL, no_extern_c=True).get_function("scan").prepare("PPPPi")
    blocks = (a.size + THREADS * EACH - 1) // (THREADS * EACH)
    values, sums, said, tickets = (drv.mem_alloc(size) for size in (a.nbytes, a.nbytes, 12 * blocks, 4))
    drv.memcpy_htod(values, a)
    drv.memset_d32(said, 0, 3 * blocks)
    drv.memset_d32(tickets, 0, 1)
    shared = 4 * (EACH + 2) * THREADS
    scan.prepared_call((blocks, 1), (THREADS, 1, 1), sums, values, said, tickets, a.size, shared_size=shared)
    drv.memcpy_dtoh(out, sums)
    return out
