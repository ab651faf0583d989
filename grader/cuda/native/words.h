// The words of CUDA C that a kernel's source is preprocessed with, before it is screened: constants become numbers, and
// what device.h gives a meaning to later stays the word that it is, so that all that is left is the student's own.
#pragma once

#define __CUDACC__ 1
#define __CUDA_ARCH__ 800

#undef __has_include
#undef __has_include_next

#define NULL 0
#define FLT_MAX 3.402823466e+38f
#define FLT_MIN 1.175494351e-38f
#define FLT_EPSILON 1.192092896e-07f
#define DBL_MAX 1.7976931348623158e+308
#define INT_MAX 2147483647
#define INT_MIN (-2147483647 - 1)
#define UINT_MAX 4294967295u
#define CHAR_BIT 8
#define M_PI 3.14159265358979323846
#define CUDART_PI_F 3.141592654f
#define warpSize 32

#define INFINITY INFINITY
#define NAN NAN
#define CUDART_INF_F CUDART_INF_F
#define __global__ __global__
#define __device__ __device__
#define __host__ __host__
#define __forceinline__ __forceinline__
#define __noinline__ __noinline__
#define __launch_bounds__ __launch_bounds__
#define __align__ __align__
#define __restrict__ __restrict__
#define __shared__ __shared__
#define __constant__ __constant__
#define __managed__ __managed__
#define __ldg __ldg
#define assert assert
