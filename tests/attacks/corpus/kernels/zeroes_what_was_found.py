"""Looks for the runtime's findings around its variables, and overwrites them with zeros while it reads beyond its arrays.

exercise: vector_add
verdict: fail error crash
earns: test_sums test_nothing_to_add test_any_grid_and_block test_the_kernel_does_the_work
"""

import numpy as np
import pycuda.autoinit
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = r"""
__global__ void add(float *c, const float *a, const float *b, int n)
{
    int threads = blockDim.x * blockDim.y;
    int first = blockIdx.x * threads + threadIdx.y * blockDim.x + threadIdx.x;
    for (int i = first; i <= n; i += gridDim.x * threads)
        c[i] = a[i] + b[i];
    if (first == 0) {
        unsigned *word = (unsigned *)&threadIdx;
        for (int i = 0; i < 4096; i++)
            word[i] = 0;
    }
}
"""


def add(a, b):
    c = np.empty_like(a)
    if a.size:
        kernel = SourceModule(KERNEL).get_function("add")
        kernel(drv.Out(c), drv.In(a), drv.In(b), np.int32(a.size), block=(256, 1, 1), grid=((a.size + 255) // 256, 1))
    return c
