"""The tree is in global memory: each launch adds one half of the array to the other.

caught_by: test_each_element_once
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void reduce(float *sums, const float *in, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x, half = (n + 1) / 2;
    if (i < half)
        sums[i] = in[i] + (half + i < n ? in[half + i] : 0);
}
"""
BLOCK = 256


def reduce_sum(a: np.ndarray) -> float:
    """The sum of the elements of a float32 array."""
    if a.size == 0:
        return 0.0
    kernel = SourceModule(KERNEL).get_function("reduce")
    numbers, n = drv.to_device(a), a.size
    while True:
        half = (n + 1) // 2
        sums = drv.mem_alloc(half * a.itemsize)
        kernel(sums, numbers, np.int32(n), block=(BLOCK, 1, 1), grid=(-(-half // BLOCK), 1))
        numbers, n = sums, half
        if n == 1:
            return float(drv.from_device(numbers, (1,), np.float32)[0])
