"""A matrix transposed by a CUDA kernel, by way of shared memory. The rules are in README.md."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__global__ void transpose(float *out, const float *in, int rows, int columns)
{
    // out[j * rows + i] = in[i * columns + j] for all i below rows and all j below columns.
}
"""


def transpose(a: np.ndarray) -> np.ndarray:
    """The transposed of a float32 matrix, in a new array with its rows one after the other in memory.

    Launches the kernel of KERNEL, unless there is nothing to transpose.
    """
    raise NotImplementedError
