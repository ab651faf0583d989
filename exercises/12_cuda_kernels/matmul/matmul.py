"""Two matrices multiplied by a CUDA kernel, with tiles in shared memory. The rules are in README.md."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void matmul(float *c, const float *a, const float *b, int m, int k, int n)
{
    // c[i * n + j] is the sum of a[i * k + l] * b[l * n + j] over all l below k.
}
"""


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two float32 matrices, in a new array.

    Launches the kernel of KERNEL, unless there is nothing to multiply.
    """
    raise NotImplementedError
