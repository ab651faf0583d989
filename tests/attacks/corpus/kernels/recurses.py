"""A device function that calls itself until its stack is used up.

exercise: vector_add
verdict: error fail
earns: test_nothing_to_add
"""

import numpy as np
import pycuda.autoinit
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = r"""
__device__ __noinline__ int deeper(int n)
{
    volatile int room[64];
    room[n % 64] = n;
    return deeper(n + 1) + room[n % 64];
}
__global__ void add(float *c, const float *a, const float *b, int n)
{
    c[0] = deeper(n);
    int threads = blockDim.x * blockDim.y;
    int first = blockIdx.x * threads + threadIdx.y * blockDim.x + threadIdx.x;
    for (int i = first; i < n; i += gridDim.x * threads)
        c[i] = a[i] + b[i];
}
"""


def add(a, b):
    c = np.empty_like(a)
    if a.size:
        kernel = SourceModule(KERNEL).get_function("add")
        kernel(drv.Out(c), drv.In(a), drv.In(b), np.int32(a.size), block=(256, 1, 1), grid=((a.size + 255) // 256, 1))
    return c
