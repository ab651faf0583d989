"""A kernel that floods the output.

exercise: vector_add
verdict: error timeout fail crash memory
earns: test_nothing_to_add
needs: the strongest rung
"""

import numpy as np
import pycuda.autoinit
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = r"""
__global__ void add(float *c, const float *a, const float *b, int n)
{
    for (int i = 0; i < 100000000; i++)
        printf("%d %d %d %d\n", i, i, i, i);
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
