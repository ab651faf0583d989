"""An array added up by a CUDA kernel. The rules are in README.md."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void reduce(float *sums, const float *in, int n)
{
    // Each block adds up its share of the n elements of in.
}
"""


def reduce_sum(a: np.ndarray) -> float:
    """The sum of the elements of a float32 array, formed by the kernels of KERNEL."""
    raise NotImplementedError
