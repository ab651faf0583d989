"""A kernel whose loop has no end.

exercise: vector_add
verdict: error timeout fail
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
    while (n >= 0)
        c[0] = a[0];
}
"""


def add(a, b):
    c = np.empty_like(a)
    if a.size:
        kernel = SourceModule(KERNEL).get_function("add")
        kernel(drv.Out(c), drv.In(a), drv.In(b), np.int32(a.size), block=(256, 1, 1), grid=((a.size + 255) // 256, 1))
    return c
