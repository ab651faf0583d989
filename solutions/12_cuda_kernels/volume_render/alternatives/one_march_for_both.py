"""One way to march for both kernels: what becomes of the samples is a parameter of a template."""

import numpy as np
import pycuda.autoinit  # opens the device
import pycuda.driver as drv
from pycuda.compiler import SourceModule

KERNEL = """
struct Vector {
    float x, y, z;
    __device__ Vector(const float *v) : x(v[0]), y(v[1]), z(v[2]) {}
    __device__ Vector(float a, float b, float c) : x(a), y(b), z(c) {}
    __device__ Vector operator+(Vector other) const { return Vector(x + other.x, y + other.y, z + other.z); }
};
__device__ Vector operator*(float factor, Vector v) { return Vector(factor * v.x, factor * v.y, factor * v.z); }

struct Size {
    int x, y, z;
    __device__ bool has(int a, int b, int c) const
    {
        return unsigned(a) < unsigned(x) && unsigned(b) < unsigned(y) && unsigned(c) < unsigned(z);
    }
};

__device__ float4 look(float value)
{
    float strength = __saturatef((value - 0.12f) / 0.6f);
    return make_float4(strength, 0.25f + 0.5f * strength, 1 - 0.7f * strength, 0.5f * strength * strength);
}

struct Brightest {
    float value = 0;
    __device__ bool done() const { return value >= 1; }
    __device__ void add(float sample) { value = max(value, sample); }
    __device__ void write(float *pixels, int number) const { pixels[number] = value; }
};

struct Fog {
    float4 seen = {0, 0, 0, 0};
    __device__ bool done() const { return seen.w > 255 / 256.0f; }
    __device__ void add(float sample)
    {
        float4 own = look(sample);
        float weight = own.w * (1 - seen.w);
        seen = make_float4(seen.x + weight * own.x, seen.y + weight * own.y, seen.z + weight * own.z, seen.w + weight);
    }
    __device__ void write(float *pixels, int number) const
    {
        pixels[3 * number] = seen.x;
        pixels[3 * number + 1] = seen.y;
        pixels[3 * number + 2] = seen.z;
    }
};

__device__ void narrow(float eye, float step, int size, int *first, int *last)
{
    if (step == 0) {
        if (eye <= -1 || eye >= size)
            *last = -1;
        return;
    }
    float one = (-1 - eye) / step - 0.5f, other = (size - eye) / step - 0.5f;
    *first = max(*first, (int)fmaxf(ceilf(fminf(one, other)), 0));
    *last = min(*last, (int)fminf(floorf(fmaxf(one, other)), 1e6f));
}

template <class Pixel>
__device__ void march(float *picture, const float *volume, const float *camera, Size size, int height, int width)
{
    int number = blockIdx.x * blockDim.x + threadIdx.x;
    if (number >= height * width)
        return;
    int row = number / width, column = number % width;
    Vector eye(camera), way = Vector(camera + 3) + (2 * column + 1 - width) / float(width) * Vector(camera + 6) +
                              (2 * row + 1 - height) / float(height) * Vector(camera + 9);
    Vector step = 0.5f * rsqrtf(way.x * way.x + way.y * way.y + way.z * way.z) * way;
    int first = 0, last = 1000000;
    narrow(eye.x, step.x, size.x, &first, &last);
    narrow(eye.y, step.y, size.y, &first, &last);
    narrow(eye.z, step.z, size.z, &first, &last);
    Pixel pixel;
    for (int k = first; k <= last && !pixel.done(); k++) {
        Vector p = eye + (k + 0.5f) * step;
        int x = floorf(p.x), y = floorf(p.y), z = floorf(p.z);
        float value = 0;
        for (int c = 0; c < 2; c++)
            for (int b = 0; b < 2; b++)
                for (int a = 0; a < 2; a++)
                    if (size.has(x + a, y + b, z + c))
                        value += fabsf(1 - a - p.x + x) * fabsf(1 - b - p.y + y) * fabsf(1 - c - p.z + z) *
                                 volume[((z + c) * size.y + y + b) * size.x + x + a];
        pixel.add(value);
    }
    pixel.write(picture, number);
}

extern "C" __global__ void maximum(float *picture, const float *volume, const float *camera,
                                   int layers, int rows, int columns, int height, int width)
{
    march<Brightest>(picture, volume, camera, {columns, rows, layers}, height, width);
}

extern "C" __global__ void composite(float *picture, const float *volume, const float *camera,
                                     int layers, int rows, int columns, int height, int width)
{
    march<Fog>(picture, volume, camera, {columns, rows, layers}, height, width);
}
"""
THREADS = 256


def maximum(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    return drawn(np.empty((height, width), np.float32), "maximum", volume, camera)


def composite(volume: np.ndarray, camera: np.ndarray, height: int, width: int) -> np.ndarray:
    return drawn(np.empty((height, width, 3), np.float32), "composite", volume, camera)


def drawn(picture: np.ndarray, kernel: str, volume: np.ndarray, camera: np.ndarray) -> np.ndarray:
    module = SourceModule(KERNEL, no_extern_c=True)
    height, width, *_ = picture.shape
    sizes = np.int32([*volume.shape, height, width])
    arguments = drv.Out(picture), drv.In(volume), drv.In(camera), *sizes
    module.get_function(kernel)(*arguments, block=(THREADS, 1, 1), grid=(-(-height * width // THREADS), 1))
    return picture
