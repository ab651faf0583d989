"""A reduction whose `_init` runs while the kernel is loaded, before anybody watches, and prints that it did.

exercise: reduction
verdict: error
earns: test_nothing_to_add_up
says: '_init'
"""

import numpy as np
import pycuda.autoinit
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = r"""
extern "C" void _init() { printf("native code at loading\n"); }
__global__ void reduce(float *sums, const float *in, int n)
{
    float sum = 0;
    for (int i = blockIdx.x * 256 + threadIdx.x; i < n; i += gridDim.x * 256) sum += in[i];
    atomicAdd(sums, sum);
}
"""


def reduce_sum(a):
    if a.size == 0:
        return 0.0
    kernel, total = SourceModule(KERNEL).get_function("reduce"), np.zeros(1, np.float32)
    kernel(drv.InOut(total), drv.In(a), np.int32(a.size), block=(256, 1, 1), grid=(64, 1))
    return float(total[0])
