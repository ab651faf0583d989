// Complex numbers as CUDA's own header has them, as far as kernels use them.
#pragma once

typedef float2 cuFloatComplex;
typedef double2 cuDoubleComplex;
typedef cuFloatComplex cuComplex;

#define CK_COMPLEX(T, C, S) \
    static __device__ inline C make_cu##S(T x, T y) { return {x, y}; }
CK_COMPLEX(float, cuFloatComplex, FloatComplex)
CK_COMPLEX(double, cuDoubleComplex, DoubleComplex)
#define make_cuComplex make_cuFloatComplex

#define CK_COMPLEX_FUNCTIONS(T, C, F) \
    static __device__ inline T cuCreal##F(C a) { return a.x; } \
    static __device__ inline T cuCimag##F(C a) { return a.y; } \
    static __device__ inline C cuConj##F(C a) { return {a.x, -a.y}; } \
    static __device__ inline C cuCadd##F(C a, C b) { return {a.x + b.x, a.y + b.y}; } \
    static __device__ inline C cuCsub##F(C a, C b) { return {a.x - b.x, a.y - b.y}; } \
    static __device__ inline C cuCmul##F(C a, C b) { return {a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x}; } \
    static __device__ inline C cuCdiv##F(C a, C b) { \
        T square = b.x * b.x + b.y * b.y; \
        return {(a.x * b.x + a.y * b.y) / square, (a.y * b.x - a.x * b.y) / square}; } \
    static __device__ inline C cuCfma##F(C a, C b, C c) { return cuCadd##F(cuCmul##F(a, b), c); } \
    static __device__ inline T cuCabs##F(C a) { return hypot(a.x, a.y); }
CK_COMPLEX_FUNCTIONS(float, cuFloatComplex, f)
CK_COMPLEX_FUNCTIONS(double, cuDoubleComplex, )
