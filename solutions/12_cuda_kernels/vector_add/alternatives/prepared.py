"""A prepared call with memory that is allocated and copied by hand, and blocks of two dimensions."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
extern "C" __global__ void add(float *__restrict__ c, const float *__restrict__ a, const float *__restrict__ b, int n)
{
    const unsigned block = blockDim.x * blockDim.y, all = gridDim.x * block;
    const unsigned own = threadIdx.x + threadIdx.y * blockDim.x + blockIdx.x * block;
    for (unsigned begin = 0; begin < n; begin += all) {
        if (begin + own < n)
            c[begin + own] = a[begin + own] + b[begin + own];
    }
}
"""


def add(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The sums of the elements of two float32 arrays of the same length, in a new array."""
    sums = np.zeros(a.shape, dtype=np.float32)
    if a.nbytes == 0:
        return sums
    kernel = SourceModule(KERNEL, no_extern_c=True).get_function("add").prepare("PPPi")
    c, on_device_a, on_device_b = (drv.mem_alloc(a.nbytes) for _ in range(3))
    drv.memcpy_htod(on_device_a, a)
    drv.memcpy_htod(on_device_b, b)
    kernel.prepared_call((min(1 + a.size // 512, 500), 1), (32, 16, 1), c, on_device_a, on_device_b, a.size)
    drv.memcpy_dtoh(sums, c)
    return sums
