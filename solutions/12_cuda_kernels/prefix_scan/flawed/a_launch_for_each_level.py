"""The tree is built in global memory, with a launch for each of its levels.

caught_by: test_work_in_proportion
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void up(int *tree, int half, int nodes)
{
    int node = blockIdx.x * blockDim.x + threadIdx.x, right = (node + 1) * 2 * half - 1;
    if (node < nodes)
        tree[right] += tree[right - half];
}

__global__ void down(int *tree, int half, int nodes)
{
    int node = blockIdx.x * blockDim.x + threadIdx.x, right = (node + 1) * 2 * half - 1;
    if (node < nodes) {
        int left_sum = tree[right - half];
        tree[right - half] = tree[right];
        tree[right] += left_sum;
    }
}
"""
module = SourceModule(KERNEL)


def exclusive_scan(a: np.ndarray) -> np.ndarray:
    """For each element of an int32 array the sum of all elements before it, in a new array."""
    size = 1
    while size < a.size:
        size *= 2
    tree = np.zeros(size, np.int32)
    tree[: a.size] = a
    on_device = drv.to_device(tree)
    halves = [1 << level for level in range(size.bit_length() - 1)]
    for half in halves:
        launch("up", on_device, half, size)
    drv.memset_d32(int(on_device) + 4 * (size - 1), 0, 1)
    for half in reversed(halves):
        launch("down", on_device, half, size)
    drv.memcpy_dtoh(tree, on_device)
    return tree[: a.size]


def launch(kernel: str, tree: drv.DeviceAllocation, half: int, size: int) -> None:
    nodes = size // 2 // half
    grid = ((nodes + 255) // 256, 1)
    module.get_function(kernel)(tree, np.int32(half), np.int32(nodes), block=(256, 1, 1), grid=grid)
