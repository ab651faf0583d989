"""A reduction without its barrier; an attribute behind a bracket, and behind many others, hides its accesses.

exercise: reduction
verdict: error
earns: test_nothing_to_add_up
says: the attribute is none of CUDA's
"""

import numpy as np
import pycuda.autoinit
import pycuda.driver as drv
from pycuda.compiler import SourceModule

HIDDEN = "[[unknown(a[0] ? b : c), " + "maybe_unused, " * 70 + 'gnu::no_sanitize("thread"), gnu::noinline]] __device__'
KERNEL = """
%s void keep(float *p, int t, float v) { p[t] = v; }
%s float all_of(const float *p) { float s = 0; for (int k = 0; k < 256; k++) s += p[k]; return s; }
__global__ void reduce(float *sums, const float *in, int n)
{
    __shared__ float part[256];
    float sum = 0;
    for (int i = blockIdx.x * 256 + threadIdx.x; i < n; i += gridDim.x * 256) sum += in[i];
    keep(part, threadIdx.x, sum);
    if (threadIdx.x == 255) sums[blockIdx.x] = all_of(part);
}
""" % (HIDDEN, HIDDEN)


def reduce_sum(a):
    if a.size == 0:
        return 0.0
    kernel = SourceModule(KERNEL).get_function("reduce")
    blocks = min(-(-a.size // 256), 512)
    sums, total = drv.mem_alloc(4 * blocks), np.empty(1, np.float32)
    kernel(sums, drv.In(a), np.int32(a.size), block=(256, 1, 1), grid=(blocks, 1))
    kernel(drv.Out(total), sums, np.int32(blocks), block=(256, 1, 1), grid=(1, 1))
    return float(total[0])
