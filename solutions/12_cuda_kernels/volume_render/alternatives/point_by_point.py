"""Goes from sample to sample until none can be in the volume any more, and looks at those that are."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
__constant__ float eye[3], forward[3], right[3], down[3];

__device__ float4 look(float value)
{
    float strength = __saturatef((value - 0.12f) / 0.6f);
    return make_float4(strength, 0.25f + 0.5f * strength, 1 - 0.7f * strength, 0.5f * strength * strength);
}

// The distance of the furthest point of the volume, in any direction.
__device__ float furthest(int layers, int rows, int columns)
{
    float x = fmaxf(fabsf(eye[0] + 1), fabsf(eye[0] - columns));
    float y = fmaxf(fabsf(eye[1] + 1), fabsf(eye[1] - rows));
    float z = fmaxf(fabsf(eye[2] + 1), fabsf(eye[2] - layers));
    return norm3df(x, y, z);
}

__device__ float3 direction(int i, int j, int height, int width)
{
    float across = (2.0f * j + 1 - width) / width, along = (2.0f * i + 1 - height) / height;
    float x = forward[0] + across * right[0] + along * down[0];
    float y = forward[1] + across * right[1] + along * down[1];
    float z = forward[2] + across * right[2] + along * down[2];
    float scale = 1 / sqrtf(x * x + y * y + z * z);
    return make_float3(x * scale, y * scale, z * scale);
}

__device__ bool value_at(const float *volume, int layers, int rows, int columns, float3 d, float t, float *value)
{
    float x = eye[0] + t * d.x, y = eye[1] + t * d.y, z = eye[2] + t * d.z;
    if (x <= -1 || y <= -1 || z <= -1 || x >= columns || y >= rows || z >= layers)
        return false;
    int x0 = floorf(x), y0 = floorf(y), z0 = floorf(z);
    *value = 0;
    for (int corner = 0; corner < 8; corner++) {
        int cx = x0 + (corner & 1), cy = y0 + (corner >> 1 & 1), cz = z0 + (corner >> 2);
        if (cx < 0 || cy < 0 || cz < 0 || cx >= columns || cy >= rows || cz >= layers)
            continue;
        float weight = (1 - fabsf(x - cx)) * (1 - fabsf(y - cy)) * (1 - fabsf(z - cz));
        *value += weight * volume[cx + columns * (cy + rows * cz)];
    }
    return true;
}

__global__ void maximum(float *picture, const float *volume, int layers, int rows, int columns, int height, int width)
{
    int i = blockIdx.y * blockDim.y + threadIdx.y, j = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= height || j >= width)
        return;
    float3 d = direction(i, j, height, width);
    float best = 0, value, end = furthest(layers, rows, columns);
    for (float t = 0.25f; t < end; t += 0.5f)
        if (value_at(volume, layers, rows, columns, d, t, &value) && value > best)
            best = value;
    picture[i * width + j] = best;
}

__global__ void composite(float *picture, const float *volume, int layers, int rows, int columns, int height, int width)
{
    int i = blockIdx.y * blockDim.y + threadIdx.y, j = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= height || j >= width)
        return;
    float3 d = direction(i, j, height, width);
    float colour[3] = {0, 0, 0}, through = 1, value, end = furthest(layers, rows, columns);
    for (float t = 0.25f; t < end; t += 0.5f) {
        if (through < 1 / 256.0f)
            break;
        if (!value_at(volume, layers, rows, columns, d, t, &value))
            continue;
        float4 it = look(value);
        colour[0] += it.x * it.w * through;
        colour[1] += it.y * it.w * through;
        colour[2] += it.z * it.w * through;
        through -= through * it.w;
    }
    for (int k = 0; k < 3; k++)
        picture[3 * (i * width + j) + k] = colour[k];
}
"""
module = SourceModule(KERNEL)


def maximum(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    return rendered("maximum", np.zeros((height, width), np.float32), volume, camera)


def composite(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    return rendered("composite", np.zeros((height, width, 3), np.float32), volume, camera)


def rendered(kernel: str, picture: np.ndarray, volume: np.ndarray, camera: np.ndarray) -> np.ndarray:
    for name, vector in zip(("eye", "forward", "right", "down"), camera, strict=True):
        drv.memcpy_htod(module.get_global(name)[0], vector)
    layers, rows, columns = map(np.int32, volume.shape)
    height, width = map(np.int32, picture.shape[:2])
    block, grid = (32, 4, 1), (-(-int(width) // 32), -(-int(height) // 4))
    draw = module.get_function(kernel)
    draw(drv.Out(picture), drv.In(volume), layers, rows, columns, height, width, block=block, grid=grid)
    return picture
