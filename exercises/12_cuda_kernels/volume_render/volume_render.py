"""A volume seen from any side, by ray marching on a GPU. The rules are in README.md."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
// What a value looks like: its colour (red, green, blue in x, y, z), and its opacity (in w).
__device__ float4 look(float value)
{
    float strength = __saturatef((value - 0.12f) / 0.6f);
    return make_float4(strength, 0.25f + 0.5f * strength, 1 - 0.7f * strength, 0.5f * strength * strength);
}

__global__ void maximum(float *picture, const float *volume, const float *camera,
                        int layers, int rows, int columns, int height, int width)
{
    // Each pixel: the largest of the samples on its ray.
}

__global__ void composite(float *picture, const float *volume, const float *camera,
                          int layers, int rows, int columns, int height, int width)
{
    // Each pixel: what reaches the eye from the samples on its ray.
}
"""


def maximum(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    """The picture (height, width) of the largest values; launches the kernel of the same name."""
    raise NotImplementedError


def composite(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    """The picture (height, width, 3) in colours; launches the kernel of the same name."""
    raise NotImplementedError
