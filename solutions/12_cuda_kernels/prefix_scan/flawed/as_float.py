"""The sums are made in single precision, which holds 24 bits.

caught_by: test_sums
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

TILE = 512  # elements of a block, two for each of its threads
KERNEL = """
#define TILE 512

__global__ void scan_tiles(int *out, int *sums, const int *in, int n)
{
    __shared__ float tree[TILE];
    int own = threadIdx.x, begin = blockIdx.x * TILE;
    for (int k = own; k < TILE; k += TILE / 2)
        tree[k] = begin + k < n ? in[begin + k] : 0;
    for (int half = 1; half < TILE; half *= 2) {  // up: a node gets the sum of both halves below
        __syncthreads();
        int right = (own + 1) * 2 * half - 1;
        if (right < TILE)
            tree[right] += tree[right - half];
    }
    __syncthreads();
    if (own == 0) {
        sums[blockIdx.x] = tree[TILE - 1];
        tree[TILE - 1] = 0;
    }
    for (int half = TILE / 2; half > 0; half /= 2) {  // down: a half gets the sum of what lies before it
        __syncthreads();
        int right = (own + 1) * 2 * half - 1;
        if (right < TILE) {
            float left_sum = tree[right - half];
            tree[right - half] = tree[right];
            tree[right] += left_sum;
        }
    }
    __syncthreads();
    for (int k = own; k < TILE && begin + k < n; k += TILE / 2)
        out[begin + k] = tree[k];
}

__global__ void add_sums(int *out, const int *sums, int n)
{
    int begin = blockIdx.x * TILE, before = sums[blockIdx.x];
    for (int k = threadIdx.x; k < TILE && begin + k < n; k += TILE / 2)
        out[begin + k] += before;
}
"""
module = SourceModule(KERNEL)
scan_tiles, add_sums = module.get_function("scan_tiles"), module.get_function("add_sums")


def exclusive_scan(a: np.ndarray) -> np.ndarray:
    """For each element of an int32 array the sum of all elements before it, in a new array."""
    out = np.empty_like(a)
    if a.size:
        on_device = drv.to_device(a)
        scan_on_device(on_device, a.size)
        drv.memcpy_dtoh(out, on_device)
    return out


def scan_on_device(values: drv.DeviceAllocation, n: int) -> None:
    """In place: a block has read its tile when it writes it."""
    tiles = (n + TILE - 1) // TILE
    sums = drv.mem_alloc(4 * tiles)
    shape = {"block": (TILE // 2, 1, 1), "grid": (tiles, 1)}
    scan_tiles(values, sums, values, np.int32(n), **shape)
    if tiles > 1:
        scan_on_device(sums, tiles)
        add_sums(values, sums, np.int32(n), **shape)
