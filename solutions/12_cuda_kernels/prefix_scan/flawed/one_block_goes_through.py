"""One block goes through the whole array, tile by tile.

caught_by: test_shared_work
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
from pycuda import gpuarray
from pycuda.compiler import SourceModule

KERNEL = """
const unsigned ALL = 0xffffffff;

__device__ int sum_up_to(int value)  // of the lanes of a warp up to the own one
{
    for (int distance = 1; distance < 32; distance *= 2) {
        int other = __shfl_up_sync(ALL, value, distance);
        if (threadIdx.x % 32 >= distance)
            value += other;
    }
    return value;
}

__device__ int sum_before(int value, int *total)  // of the threads of a block before the own one
{
    __shared__ int of_warp[32];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32, up_to = sum_up_to(value);
    __syncthreads();
    if (lane == 31)
        of_warp[warp] = up_to;
    __syncthreads();
    if (warp == 0) {
        int sum = sum_up_to(lane < blockDim.x / 32 ? of_warp[lane] : 0);
        __syncwarp();
        of_warp[lane] = sum;
    }
    __syncthreads();
    *total = of_warp[31];
    return up_to - value + (warp > 0 ? of_warp[warp - 1] : 0);
}

__global__ void sums_of_pieces(int *sums, const int *in, int n, int piece)
{
    int sum = 0, total;
    for (int i = threadIdx.x; i < piece; i += blockDim.x)
        if (blockIdx.x * piece + i < n)
            sum += in[blockIdx.x * piece + i];
    sum_before(sum, &total);
    if (threadIdx.x == 0)
        sums[blockIdx.x] = total;
}

__global__ void scan_pieces(int *out, const int *in, const int *before_pieces, int n, int piece)
{
    int before = before_pieces ? before_pieces[blockIdx.x] : 0;
    for (int i = threadIdx.x; i < piece; i += blockDim.x) {
        int place = blockIdx.x * piece + i, total;
        int own = sum_before(place < n ? in[place] : 0, &total);
        if (place < n)
            out[place] = before + own;
        before += total;
    }
}
"""
module = SourceModule(KERNEL)
THREADS = 128


def exclusive_scan(a: np.ndarray) -> np.ndarray:
    """For each element of an int32 array the sum of all elements before it, in a new array."""
    if len(a) == 0:
        return np.zeros(0, np.int32)
    values, n, piece = gpuarray.to_gpu(a), np.int32(len(a)), np.int32(THREADS * 16)
    pieces = 1
    piece = np.int32(-(-len(a) // THREADS) * THREADS)
    sums, out = gpuarray.empty(pieces, np.int32), gpuarray.empty_like(values)
    many, one = {"block": (THREADS, 1, 1), "grid": (pieces, 1)}, {"block": (THREADS, 1, 1), "grid": (1, 1)}
    module.get_function("sums_of_pieces")(sums, values, n, piece, **many)
    whole = np.int32(-(-pieces // THREADS) * THREADS)
    module.get_function("scan_pieces")(sums, sums, np.uint64(0), np.int32(pieces), whole, **one)
    module.get_function("scan_pieces")(out, values, sums, n, piece, **many)
    return out.get()
