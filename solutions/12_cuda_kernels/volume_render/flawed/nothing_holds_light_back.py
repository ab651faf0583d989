"""Samples do not hold back the light from behind them.

caught_by: test_composite
verdict: fail
"""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

BLOCK = 16
KERNEL = """
#define STEP 0.5f
#define DARK (1 / 256.0f)  // what comes through less light than this is not followed

// What a value looks like: its colour (red, green, blue in x, y, z), and its opacity (in w).
__device__ float4 look(float value)
{
    float strength = __saturatef((value - 0.12f) / 0.6f);
    return make_float4(strength, 0.25f + 0.5f * strength, 1 - 0.7f * strength, 0.5f * strength * strength);
}

struct Volume {
    const float *values;
    int layers, rows, columns;

    __device__ float at(int x, int y, int z) const
    {
        bool inside = x >= 0 && x < columns && y >= 0 && y < rows && z >= 0 && z < layers;
        return inside ? values[(z * rows + y) * columns + x] : 0;
    }
};

__device__ float between(float a, float b, float part) { return a + part * (b - a); }

__device__ float sample(const Volume &volume, float3 p)
{
    int x = floorf(p.x), y = floorf(p.y), z = floorf(p.z);
    float along_x[2][2];
    for (int dz = 0; dz < 2; dz++)
        for (int dy = 0; dy < 2; dy++)
            along_x[dz][dy] = between(volume.at(x, y + dy, z + dz), volume.at(x + 1, y + dy, z + dz), p.x - x);
    float near = between(along_x[0][0], along_x[0][1], p.y - y);
    float far = between(along_x[1][0], along_x[1][1], p.y - y);
    return between(near, far, p.z - z);
}

struct Ray {
    float3 eye, direction;
    float enters, leaves;  // distances from the eye; what is not between them is not in the volume

    __device__ float3 point(float t) const
    {
        return make_float3(eye.x + t * direction.x, eye.y + t * direction.y, eye.z + t * direction.z);
    }

    // The first distance of a sample in the volume.
    __device__ float first() const { return (ceilf(enters / STEP - 0.5f) + 0.5f) * STEP; }

    // What is outside of two parallel planes is not in the volume. A ray along them has infinite distances.
    __device__ void clip(float from, float step, int size)
    {
        float one = (-1 - from) / step, other = (size - from) / step;
        enters = fmaxf(enters, fminf(one, other));
        leaves = fminf(leaves, fmaxf(one, other));
    }
};

__device__ Ray ray_through(int row, int column, int height, int width, const float *camera, const Volume &volume)
{
    float right = (2 * column + 1 - width) / (float)width, down = (2 * row + 1 - height) / (float)height;
    float d[3];
    for (int k = 0; k < 3; k++)
        d[k] = camera[3 + k] + right * camera[6 + k] + down * camera[9 + k];
    float length = sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    Ray ray = {make_float3(camera[0], camera[1], camera[2]),
               make_float3(d[0] / length, d[1] / length, d[2] / length), 0, INFINITY};
    ray.clip(ray.eye.x, ray.direction.x, volume.columns);
    ray.clip(ray.eye.y, ray.direction.y, volume.rows);
    ray.clip(ray.eye.z, ray.direction.z, volume.layers);
    return ray;
}

__global__ void maximum(float *picture, const float *values, const float *camera,
                        int layers, int rows, int columns, int height, int width)
{
    int column = blockIdx.x * blockDim.x + threadIdx.x, row = blockIdx.y * blockDim.y + threadIdx.y;
    if (row >= height || column >= width)
        return;
    Volume volume = {values, layers, rows, columns};
    Ray ray = ray_through(row, column, height, width, camera, volume);
    float most = 0;
    for (float t = ray.first(); t < ray.leaves; t += STEP)
        most = fmaxf(most, sample(volume, ray.point(t)));
    picture[row * width + column] = most;
}

__global__ void composite(float *picture, const float *values, const float *camera,
                          int layers, int rows, int columns, int height, int width)
{
    int column = blockIdx.x * blockDim.x + threadIdx.x, row = blockIdx.y * blockDim.y + threadIdx.y;
    if (row >= height || column >= width)
        return;
    Volume volume = {values, layers, rows, columns};
    Ray ray = ray_through(row, column, height, width, camera, volume);
    float3 seen = make_float3(0, 0, 0);
    float light = 1;  // the part of it that comes through to the eye from here
    for (float t = ray.first(); t < ray.leaves && light >= DARK; t += STEP) {
        float4 own = look(sample(volume, ray.point(t)));
        float part = light * own.w;
        seen.x += part * own.x;
        seen.y += part * own.y;
        seen.z += part * own.z;
        light *= 1;
    }
    float *pixel = picture + 3 * (row * width + column);
    pixel[0] = seen.x;
    pixel[1] = seen.y;
    pixel[2] = seen.z;
}
"""
module = SourceModule(KERNEL)


def maximum(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    """The picture (height, width) of the largest values."""
    picture = np.empty((height, width), np.float32)
    draw("maximum", picture, volume, camera)
    return picture


def composite(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    """The picture (height, width, 3) in colours."""
    picture = np.empty((height, width, 3), np.float32)
    draw("composite", picture, volume, camera)
    return picture


def draw(kernel: str, picture: np.ndarray, volume: np.ndarray, camera: np.ndarray) -> None:
    height, width = picture.shape[:2]
    sizes = [np.int32(n) for n in (*volume.shape, height, width)]
    grid = (width + BLOCK - 1) // BLOCK, (height + BLOCK - 1) // BLOCK
    launch = module.get_function(kernel)
    launch(drv.Out(picture), drv.In(volume), drv.In(camera), *sizes, block=(BLOCK, BLOCK, 1), grid=grid)
