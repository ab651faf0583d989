"""A reduction without its barrier, whose sums are stored as what a function returns that is called by its address.

exercise: reduction
verdict: error
earns: test_nothing_to_add_up
says: use a variable between
"""

import numpy as np
import pycuda.autoinit
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = r"""
struct Sum { float of, three, numbers; };
__device__ Sum one(float x) { return {x, 0, 0}; }
__device__ Sum two(float x) { return {x, 1, 1}; }
__device__ Sum (*table[2])(float) = {one, two};
__device__ float of(Sum sum) { return sum.of; }
__device__ float of_two(Sum sum) { return sum.of + sum.three; }
__device__ float (*uses[2])(Sum) = {of, of_two};
__global__ void reduce(float *sums, const float *in, int n)
{
    __shared__ Sum part[256];
    float sum = 0;
    for (int i = blockIdx.x * 256 + threadIdx.x; i < n; i += gridDim.x * 256) sum += in[i];
    part[threadIdx.x] = table[n < 0](sum);
    if (threadIdx.x != 255) return;
    float all = 0;
    for (int k = 0; k < 256; k++) all += uses[n < 0](part[k]);
    sums[blockIdx.x] = all;
}
"""


def reduce_sum(a):
    if a.size == 0:
        return 0.0
    kernel = SourceModule(KERNEL).get_function("reduce")
    blocks = min(-(-a.size // 256), 512)
    sums, total = drv.mem_alloc(4 * blocks), np.empty(1, np.float32)
    kernel(sums, drv.In(a), np.int32(a.size), block=(256, 1, 1), grid=(blocks, 1))
    kernel(drv.Out(total), sums, np.int32(blocks), block=(256, 1, 1), grid=(1, 1))
    return float(total[0])
