"""Threads go through all pixels in strides; the camera is handed over as a struct, by value."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda import gpuarray
from pycuda.compiler import SourceModule

KERNEL = """
#define LAST_LIGHT 0.00390625f

typedef struct {
    float eye[3], forward[3], right[3], down[3];
} Camera;

typedef struct {
    float from[3], step[3];  // the first sample, and the way to the next one
    int samples;
} Path;

__device__ float4 look(float value)
{
    float strength = __saturatef((value - 0.12f) / 0.6f);
    return make_float4(strength, 0.25f + 0.5f * strength, 1 - 0.7f * strength, 0.5f * strength * strength);
}

__device__ Path path(const Camera *camera, int pixel, int height, int width, const int *size)
{
    float v = 2 * (pixel / width + 0.5f) / height - 1, u = 2 * (pixel % width + 0.5f) / width - 1;
    float length = 0, enters = 0, leaves = 1e9f;
    Path found;
    for (int k = 0; k < 3; k++) {
        found.step[k] = camera->forward[k] + u * camera->right[k] + v * camera->down[k];
        length += found.step[k] * found.step[k];
    }
    for (int k = 0; k < 3; k++) {
        float eye = camera->eye[k], way = found.step[k] / sqrtf(length);
        found.step[k] = 0.5f * way;
        if (way > 0) {
            enters = fmaxf(enters, (-1 - eye) / way);
            leaves = fminf(leaves, (size[k] - eye) / way);
        } else if (way < 0) {
            enters = fmaxf(enters, (size[k] - eye) / way);
            leaves = fminf(leaves, (-1 - eye) / way);
        } else if (eye < -1 || eye > size[k]) {
            leaves = 0;
        }
    }
    int first = ceilf(2 * enters - 0.5f);
    found.samples = max(0, (int)ceilf(2 * leaves - 0.5f) - first);
    for (int k = 0; k < 3; k++)
        found.from[k] = camera->eye[k] + (first + 0.5f) * found.step[k];
    return found;
}

__device__ float corner(const float *volume, const int *size, int x, int y, int z)
{
    if (min(x, min(y, z)) < 0 || x >= size[0] || y >= size[1] || z >= size[2])
        return 0;
    return volume[x + (y + z * size[1]) * size[0]];
}

__device__ float value(const float *volume, const int *size, const Path *path, int sample)
{
    float at[3], sum = 0;
    for (int k = 0; k < 3; k++)
        at[k] = path->from[k] + sample * path->step[k];
    int x = floorf(at[0]), y = floorf(at[1]), z = floorf(at[2]);
    float a = at[0] - x, b = at[1] - y, c = at[2] - z;
    sum += (1 - a) * (1 - b) * (1 - c) * corner(volume, size, x, y, z);
    sum += a * (1 - b) * (1 - c) * corner(volume, size, x + 1, y, z);
    sum += (1 - a) * b * (1 - c) * corner(volume, size, x, y + 1, z);
    sum += a * b * (1 - c) * corner(volume, size, x + 1, y + 1, z);
    sum += (1 - a) * (1 - b) * c * corner(volume, size, x, y, z + 1);
    sum += a * (1 - b) * c * corner(volume, size, x + 1, y, z + 1);
    sum += (1 - a) * b * c * corner(volume, size, x, y + 1, z + 1);
    sum += a * b * c * corner(volume, size, x + 1, y + 1, z + 1);
    return sum;
}

__global__ void maximum(float *picture, const float *volume, Camera camera,
                        int columns, int rows, int layers, int height, int width)
{
    int size[] = {columns, rows, layers};
    for (int pixel = blockIdx.x * blockDim.x + threadIdx.x; pixel < height * width; pixel += gridDim.x * blockDim.x) {
        Path own = path(&camera, pixel, height, width, size);
        float largest = 0;
        for (int k = 0; k < own.samples; k++)
            largest = fmaxf(largest, value(volume, size, &own, k));
        picture[pixel] = largest;
    }
}

__global__ void composite(float *picture, const float *volume, Camera camera,
                          int columns, int rows, int layers, int height, int width)
{
    int size[] = {columns, rows, layers};
    for (int pixel = blockIdx.x * blockDim.x + threadIdx.x; pixel < height * width; pixel += gridDim.x * blockDim.x) {
        Path own = path(&camera, pixel, height, width, size);
        float rgb[3] = {0, 0, 0}, light = 1;
        for (int k = 0; k < own.samples; k++) {
            float4 seen = look(value(volume, size, &own, k));
            rgb[0] += light * seen.w * seen.x;
            rgb[1] += light * seen.w * seen.y;
            rgb[2] += light * seen.w * seen.z;
            light *= 1 - seen.w;
            if (light < LAST_LIGHT)
                break;
        }
        for (int k = 0; k < 3; k++)
            picture[3 * pixel + k] = rgb[k];
    }
}
"""
CAMERA = np.dtype([(name, np.float32, 3) for name in ("eye", "forward", "right", "down")])
module = SourceModule(KERNEL)


def maximum(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    picture = gpuarray.zeros((height, width), np.float32)
    launch("maximum", picture, volume, camera)
    return picture.get()


def composite(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    picture = gpuarray.zeros((height, width, 3), np.float32)
    launch("composite", picture, volume, camera)
    return picture.get()


def launch(kernel: str, picture: gpuarray.GPUArray, volume: np.ndarray, camera: np.ndarray) -> None:
    height, width = picture.shape[:2]
    by_value = np.array([tuple(camera)], CAMERA)[0]
    numbers = [np.int32(n) for n in (*volume.shape[::-1], height, width)]
    run = module.get_function(kernel)
    run(picture, drv.In(volume), by_value, *numbers, block=(64, 1, 1), grid=(min(-(-height * width // 64), 60), 1))
