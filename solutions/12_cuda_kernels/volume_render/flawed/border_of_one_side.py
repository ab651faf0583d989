"""The border of zeros is on one side of the volume only.

caught_by: test_no_accidents
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
from pycuda import gpuarray
from pycuda.compiler import SourceModule

STEP = np.float32(0.5)
KERNEL = """
__device__ float4 look(float value)
{
    float strength = __saturatef((value - 0.12f) / 0.6f);
    return make_float4(strength, 0.25f + 0.5f * strength, 1 - 0.7f * strength, 0.5f * strength * strength);
}

// The volume has a border of zeros around it here: every point in it has eight neighbours.
__device__ float interpolated(const float *wide, int rows, int columns, float4 p)
{
    int x = p.x, y = p.y, z = p.z;
    float u = p.x - x, v = p.y - y, w = p.z - z;
    const float *here = wide + (z * rows + y) * columns + x, *behind = here + rows * columns;
    float low = (here[0] * (1 - u) + here[1] * u) * (1 - v) + (here[columns] * (1 - u) + here[columns + 1] * u) * v;
    float high = (behind[0] * (1 - u) + behind[1] * u) * (1 - v) +
                 (behind[columns] * (1 - u) + behind[columns + 1] * u) * v;
    return low * (1 - w) + high * w;
}

__device__ bool inside(float4 p, int layers, int rows, int columns)
{
    return p.x >= 0 && p.y >= 0 && p.z >= 0 && p.x < columns - 1 && p.y < rows - 1 && p.z < layers - 1;
}

__device__ float4 at(float4 begin, float4 step, int k)
{
    return make_float4(begin.x + k * step.x, begin.y + k * step.y, begin.z + k * step.z, 0);
}

// begins: the first sample of each ray, and in w how many there are
__global__ void maximum(float *picture, const float *wide, const float4 *begins, const float4 *steps,
                        int layers, int rows, int columns, int pixels)
{
    for (int pixel = blockIdx.x * blockDim.x + threadIdx.x; pixel < pixels; pixel += gridDim.x * blockDim.x) {
        float4 begin = begins[pixel], step = steps[pixel];
        float largest = 0;
        for (int k = 0; k < begin.w; k++) {
            float4 p = at(begin, step, k);
            if (inside(p, layers, rows, columns))
                largest = max(largest, interpolated(wide, rows, columns, p));
        }
        picture[pixel] = largest;
    }
}

__global__ void composite(float *picture, const float *wide, const float4 *begins, const float4 *steps,
                          int layers, int rows, int columns, int pixels)
{
    for (int pixel = blockIdx.x * blockDim.x + threadIdx.x; pixel < pixels; pixel += gridDim.x * blockDim.x) {
        float4 begin = begins[pixel], step = steps[pixel];
        float red = 0, green = 0, blue = 0, hidden = 0;
        for (int k = 0; k < begin.w && 1 - hidden >= 1 / 256.0f; k++) {
            float4 p = at(begin, step, k);
            if (!inside(p, layers, rows, columns))
                continue;
            float4 seen = look(interpolated(wide, rows, columns, p));
            float part = (1 - hidden) * seen.w;
            red += part * seen.x;
            green += part * seen.y;
            blue += part * seen.z;
            hidden += part;
        }
        picture[3 * pixel] = red;
        picture[3 * pixel + 1] = green;
        picture[3 * pixel + 2] = blue;
    }
}
"""


def maximum(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    return draw("maximum", (height, width), volume, camera)


def composite(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    return draw("composite", (height, width, 3), volume, camera)


def draw(kernel: str, shape: tuple[int, ...], volume: np.ndarray, camera: np.ndarray) -> np.ndarray:
    height, width = shape[:2]
    begins, steps = rays(volume, camera, height, width)
    picture = gpuarray.empty(shape, np.float32)
    wide = np.pad(volume, ((1, 0), (1, 1), (1, 1)))
    given = [gpuarray.to_gpu(array) for array in (wide, begins, steps)]
    sizes = [np.int32(n) for n in (wide.shape[0] + 1, *wide.shape[1:], height * width)]
    launch = SourceModule(KERNEL).get_function(kernel)
    launch(picture, *given, *sizes, block=(128, 1, 1), grid=(-(-height * width // 128), 1))
    return picture.get()


def rays(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel its first sample in the volume, with the number of samples, and the way to the next one."""
    eye, forward, right, down = camera.astype(np.float64)
    down_by = (2 * np.arange(height) + 1 - height)[:, None, None] / height
    right_by = (2 * np.arange(width) + 1 - width)[None, :, None] / width
    directions = (forward + right_by * right + down_by * down).reshape(-1, 3)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        planes = np.stack([(-1 - eye) / directions, (np.array(volume.shape[::-1]) - eye) / directions])
    enters = np.maximum(np.nan_to_num(planes.min(axis=0), nan=-np.inf).max(axis=1), 0)
    leaves = np.nan_to_num(planes.max(axis=0), nan=np.inf).min(axis=1)
    first = np.where(leaves > enters, np.ceil(enters / STEP - 0.5), 0)
    number = np.where(leaves > enters, np.ceil(leaves / STEP - 0.5) - first, 0)
    begins = eye + 1 + (first[:, None] + 0.5) * STEP * directions  # + 1: for the border
    return np.float32(np.c_[begins, number]), np.float32(np.c_[STEP * directions, 0 * number])
