// The language of a kernel, for a host C++ compiler: what CUDA C has beyond C++, without any header of the system, so
// that a kernel compiles in a tenth of a second. CK_CHECKED selects what the checked runtime listens to; the other
// names with ck_ are the runtime's (see engine.h). Included before the student's source, once that is preprocessed with
// words.h and screened: a macro with a word of CUDA's that is not in words.h is nothing that the source can ask for.
#pragma once

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long uint64_t;
typedef unsigned long size_t;
typedef long ptrdiff_t;
typedef long intptr_t;
typedef unsigned long uintptr_t;
#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#define CUDART_INF_F __builtin_inff()

#if defined(CK_CHECKED) && !defined(__clang__)
// GCC watches no call: not the store where a struct that is returned goes, nor the load of one that is handed over. So all
// that a kernel calls becomes part of it.
#define __global__ __attribute__((flatten))
#define __noinline__
#else
#define __global__
#define __noinline__ __attribute__((noinline))
#endif
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __restrict__ __restrict
#define __shared__ static __attribute__((section("ck_shared"), aligned(16)))
#define __constant__ __attribute__((section("ck_constant"), used))
#define __managed__

#define CK_INLINE static inline __attribute__((always_inline, unused))
#define CK_PLAIN __attribute__((nothrow))  // calls of the runtime neither throw nor are instrumented

// ---------------------------------------------------------------- indices and vectors

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {}
    constexpr dim3(uint3 u) : x(u.x), y(u.y), z(u.z) {}
    operator uint3() const { return {x, y, z}; }
};
CK_INLINE uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }

#define CK_VECTOR1(T, N) struct N##1 { T x; }; CK_INLINE N##1 make_##N##1(T x) { return {x}; }
#define CK_VECTOR2(T, N, ALIGNED) \
    struct __attribute__((aligned(ALIGNED))) N##2 { T x, y; }; CK_INLINE N##2 make_##N##2(T x, T y) { return {x, y}; }
#define CK_VECTOR3(T, N) \
    struct N##3 { T x, y, z; }; CK_INLINE N##3 make_##N##3(T x, T y, T z) { return {x, y, z}; }
#define CK_VECTOR4(T, N, ALIGNED) \
    struct __attribute__((aligned(ALIGNED))) N##4 { T x, y, z, w; }; \
    CK_INLINE N##4 make_##N##4(T x, T y, T z, T w) { return {x, y, z, w}; }
#define CK_VECTORS(T, N, SIZE) \
    CK_VECTOR1(T, N) CK_VECTOR2(T, N, 2 * SIZE) CK_VECTOR3(T, N) CK_VECTOR4(T, N, (4 * SIZE > 16 ? 16 : 4 * SIZE))
CK_VECTORS(char, char, 1)
CK_VECTORS(unsigned char, uchar, 1)
CK_VECTORS(short, short, 2)
CK_VECTORS(unsigned short, ushort, 2)
CK_VECTORS(int, int, 4)
CK_VECTOR1(unsigned, uint)
CK_VECTOR2(unsigned, uint, 8)
CK_VECTOR4(unsigned, uint, 16)
CK_VECTORS(long, long, 8)
CK_VECTORS(unsigned long, ulong, 8)
CK_VECTORS(long long, longlong, 8)
CK_VECTORS(unsigned long long, ulonglong, 8)
CK_VECTORS(float, float, 4)
CK_VECTORS(double, double, 8)

extern "C" {
#if defined(__clang__) && defined(CK_CHECKED)
// Clang instruments reads of external constants, so they come from functions.
uint3 ck_thread_index() __attribute__((const, nothrow));
uint3 ck_block_index() __attribute__((const, nothrow));
uint3 ck_block_size() __attribute__((const, nothrow));
uint3 ck_grid_size() __attribute__((const, nothrow));
#define threadIdx (ck_thread_index())
#define blockIdx (ck_block_index())
#define blockDim (ck_block_size())
#define gridDim (ck_grid_size())
#else
extern const uint3 threadIdx, blockIdx, blockDim, gridDim;
#endif

// Shared variables are never constructed, so what would have them destroyed at the end is asked for, but never called.
__attribute__((weak, visibility("hidden"))) void *__dso_handle;
__attribute__((weak, visibility("hidden"))) int __cxa_atexit(void (*)(void *), void *, void *) { return 0; }

// ---------------------------------------------------------------- the runtime

void ck_barrier(int line) CK_PLAIN;
int ck_barrier_count(int line, int predicate) CK_PLAIN;
int ck_threads_at_barrier() CK_PLAIN;
unsigned long ck_exchange(int operation, unsigned mask, unsigned long value, int lane, int width, int line) CK_PLAIN;
void ck_fence() CK_PLAIN;
long ck_clock() CK_PLAIN;
void ck_trap(int line) CK_PLAIN __attribute__((noreturn));
void ck_assert_failed(const char *what, int line) CK_PLAIN __attribute__((noreturn));
int ck_printf(const char *format, ...) CK_PLAIN;
#define printf ck_printf

// ---------------------------------------------------------------- mathematics, from the C library

#define CK_MATH1(name) double name(double) CK_PLAIN; float name##f(float) CK_PLAIN;
#define CK_MATH2(name) double name(double, double) CK_PLAIN; float name##f(float, float) CK_PLAIN;
CK_MATH1(sqrt) CK_MATH1(cbrt) CK_MATH1(exp) CK_MATH1(exp2) CK_MATH1(exp10) CK_MATH1(expm1)
CK_MATH1(log) CK_MATH1(log2) CK_MATH1(log10) CK_MATH1(log1p)
CK_MATH1(sin) CK_MATH1(cos) CK_MATH1(tan) CK_MATH1(asin) CK_MATH1(acos) CK_MATH1(atan)
CK_MATH1(sinh) CK_MATH1(cosh) CK_MATH1(tanh) CK_MATH1(asinh) CK_MATH1(acosh) CK_MATH1(atanh)
CK_MATH1(floor) CK_MATH1(ceil) CK_MATH1(round) CK_MATH1(trunc) CK_MATH1(rint) CK_MATH1(nearbyint) CK_MATH1(fabs)
CK_MATH1(erf) CK_MATH1(erfc) CK_MATH1(lgamma) CK_MATH1(tgamma)
CK_MATH2(pow) CK_MATH2(atan2) CK_MATH2(fmod) CK_MATH2(fmin) CK_MATH2(fmax) CK_MATH2(hypot) CK_MATH2(copysign)
CK_MATH2(fdim) CK_MATH2(nextafter) CK_MATH2(remainder)
double fma(double, double, double) CK_PLAIN;
float fmaf(float, float, float) CK_PLAIN;
double ldexp(double, int) CK_PLAIN;
float ldexpf(float, int) CK_PLAIN;
int ilogb(double) CK_PLAIN;
int ilogbf(float) CK_PLAIN;
long lrint(double) CK_PLAIN;
long lrintf(float) CK_PLAIN;
long lround(double) CK_PLAIN;
long lroundf(float) CK_PLAIN;
long llrint(double) CK_PLAIN;
long llrintf(float) CK_PLAIN;
long llround(double) CK_PLAIN;
long llroundf(float) CK_PLAIN;
int abs(int) CK_PLAIN;
long labs(long) CK_PLAIN;
}

extern "C++" {  // overloads and templates, also where the student's source is wrapped in extern "C"

#define CK_OVERLOAD1(name) CK_INLINE float name(float x) { return name##f(x); }
#define CK_OVERLOAD2(name) CK_INLINE float name(float x, float y) { return name##f(x, y); }
CK_OVERLOAD1(sqrt) CK_OVERLOAD1(exp) CK_OVERLOAD1(exp2) CK_OVERLOAD1(log) CK_OVERLOAD1(log2) CK_OVERLOAD1(log10)
CK_OVERLOAD1(sin) CK_OVERLOAD1(cos) CK_OVERLOAD1(tan) CK_OVERLOAD1(asin) CK_OVERLOAD1(acos) CK_OVERLOAD1(atan)
CK_OVERLOAD1(sinh) CK_OVERLOAD1(cosh) CK_OVERLOAD1(tanh)
CK_OVERLOAD1(floor) CK_OVERLOAD1(ceil) CK_OVERLOAD1(round) CK_OVERLOAD1(trunc) CK_OVERLOAD1(rint) CK_OVERLOAD1(fabs)
CK_OVERLOAD2(pow) CK_OVERLOAD2(atan2) CK_OVERLOAD2(fmod) CK_OVERLOAD2(fmin) CK_OVERLOAD2(fmax) CK_OVERLOAD2(hypot)
CK_INLINE float fma(float a, float b, float c) { return fmaf(a, b, c); }
CK_INLINE float abs(float x) { return __builtin_fabsf(x); }
CK_INLINE double abs(double x) { return __builtin_fabs(x); }
CK_INLINE long abs(long x) { return x < 0 ? -x : x; }
CK_INLINE long long abs(long long x) { return x < 0 ? -x : x; }
template <class T> CK_INLINE bool isnan(T x) { return __builtin_isnan(x); }
template <class T> CK_INLINE bool isinf(T x) { return __builtin_isinf(x); }
template <class T> CK_INLINE bool isfinite(T x) { return __builtin_isfinite(x); }
template <class T> CK_INLINE bool signbit(T x) { return __builtin_signbit(x); }

// min and max of different types give the type that the sum of both would have, as in CUDA's own headers.
template <class T, class U> CK_INLINE auto min(T a, U b) -> decltype(a + b) {
    typedef decltype(a + b) R;
    return (R)a < (R)b ? (R)a : (R)b;
}
template <class T, class U> CK_INLINE auto max(T a, U b) -> decltype(a + b) {
    typedef decltype(a + b) R;
    return (R)a < (R)b ? (R)b : (R)a;
}

CK_INLINE float rsqrtf(float x) { return 1.0f / __builtin_sqrtf(x); }
CK_INLINE double rsqrt(double x) { return 1.0 / __builtin_sqrt(x); }
CK_INLINE float rsqrt(float x) { return rsqrtf(x); }
#define CK_NORMS(T, F) \
    CK_INLINE T norm3d##F(T a, T b, T c) { return sqrt(a * a + b * b + c * c); } \
    CK_INLINE T norm4d##F(T a, T b, T c, T d) { return sqrt(a * a + b * b + c * c + d * d); } \
    CK_INLINE T rhypot##F(T a, T b) { return rsqrt(a * a + b * b); } \
    CK_INLINE T rnorm3d##F(T a, T b, T c) { return rsqrt(a * a + b * b + c * c); } \
    CK_INLINE T rnorm4d##F(T a, T b, T c, T d) { return rsqrt(a * a + b * b + c * c + d * d); }
CK_NORMS(float, f)
CK_NORMS(double, )
CK_INLINE float __expf(float x) { return expf(x); }
CK_INLINE float __exp10f(float x) { return exp10f(x); }
CK_INLINE float __logf(float x) { return logf(x); }
CK_INLINE float __log2f(float x) { return log2f(x); }
CK_INLINE float __log10f(float x) { return log10f(x); }
CK_INLINE float __sinf(float x) { return sinf(x); }
CK_INLINE float __cosf(float x) { return cosf(x); }
CK_INLINE float __tanf(float x) { return tanf(x); }
CK_INLINE float __powf(float a, float b) { return powf(a, b); }
CK_INLINE float __fdividef(float a, float b) { return a / b; }
CK_INLINE float __fdiv_rn(float a, float b) { return a / b; }
CK_INLINE float __frcp_rn(float a) { return 1.0f / a; }
CK_INLINE float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
CK_INLINE float __fadd_rn(float a, float b) { return a + b; }
CK_INLINE float __fmul_rn(float a, float b) { return a * b; }
CK_INLINE float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
CK_INLINE float __saturatef(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
CK_INLINE int __mul24(int a, int b) { return a * b; }
CK_INLINE unsigned __umul24(unsigned a, unsigned b) { return a * b; }
CK_INLINE int __mulhi(int a, int b) { return (int)(((long)a * b) >> 32); }
CK_INLINE unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long)a * b) >> 32); }
// No builtin: GCC would call its own library for it.
CK_INLINE int __popcll(unsigned long x) {
    x -= x >> 1 & 0x5555555555555555;
    x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
    return (int)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}
CK_INLINE int __popc(unsigned x) { return __popcll(x); }
CK_INLINE int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
CK_INLINE int __clzll(long x) { return x ? __builtin_clzl((unsigned long)x) : 64; }
CK_INLINE int __ffs(int x) { return __builtin_ffs(x); }
CK_INLINE int __ffsll(long x) { return __builtin_ffsl(x); }
CK_INLINE unsigned __brev(unsigned x) {
    unsigned reversed = 0;
    for (int bit = 0; bit < 32; bit++) reversed |= ((x >> bit) & 1u) << (31 - bit);
    return reversed;
}
template <class To, class From> CK_INLINE To ck_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "the same bits");
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}
CK_INLINE int __float_as_int(float x) { return ck_bits<int>(x); }
CK_INLINE unsigned __float_as_uint(float x) { return ck_bits<unsigned>(x); }
CK_INLINE float __int_as_float(int x) { return ck_bits<float>(x); }
CK_INLINE float __uint_as_float(unsigned x) { return ck_bits<float>(x); }
CK_INLINE long __double_as_longlong(double x) { return ck_bits<long>(x); }
CK_INLINE double __longlong_as_double(long x) { return ck_bits<double>(x); }
CK_INLINE float __int2float_rn(int x) { return (float)x; }
CK_INLINE float __uint2float_rn(unsigned x) { return (float)x; }
CK_INLINE int __float2int_rn(float x) { return (int)__builtin_rintf(x); }
CK_INLINE int __float2int_rz(float x) { return (int)x; }
CK_INLINE int __float2int_rd(float x) { return (int)__builtin_floorf(x); }
CK_INLINE int __float2int_ru(float x) { return (int)__builtin_ceilf(x); }
CK_INLINE unsigned __float2uint_rz(float x) { return (unsigned)x; }
// In the library these would store where nobody looks; here it is the student's line that does.
#define CK_SINCOS(T, x, s, c, sine, cosine) \
    ({ T ck_x = (x), *ck_s = (s), *ck_c = (c); *ck_s = sine(ck_x); *ck_c = cosine(ck_x); (void)0; })
#define CK_MODF(T, x, whole) \
    ({ T ck_x = (x), *ck_w = (whole), ck_t = trunc(ck_x); *ck_w = ck_t; \
       copysign(isinf(ck_x) ? (T)0 : (T)(ck_x - ck_t), ck_x); })
#define CK_FREXP(T, F, x, exponent) \
    ({ T ck_x = (x); int *ck_e = (exponent); bool ck_plain = isfinite(ck_x) && ck_x != 0; \
       *ck_e = ck_plain ? ilogb##F(ck_x) + 1 : 0; ck_plain ? ldexp##F(ck_x, -*ck_e) : ck_x; })
#define frexpf(x, exponent) CK_FREXP(float, f, x, exponent)
#define frexp(x, exponent) CK_FREXP(double, , x, exponent)
#define sincosf(x, s, c) CK_SINCOS(float, x, s, c, sinf, cosf)
#define sincos(x, s, c) CK_SINCOS(double, x, s, c, sin, cos)
#define modff(x, whole) CK_MODF(float, x, whole)
#define modf(x, whole) CK_MODF(double, x, whole)
#define __ldg(pointer) (*(pointer))
#define __assume(condition)

// ---------------------------------------------------------------- memory, copied and filled
// The compiler watches no call of the library's; the checked runtime is told, with the line.

#define CK_MEMORY(call, watched) { return CK_BY_BUILD(__builtin_##call, watched); }
#ifdef CK_CHECKED
extern "C" void *ck_move(void *to, const void *from, size_t bytes, int line) CK_PLAIN;
extern "C" void *ck_set(void *to, int value, size_t bytes, int line) CK_PLAIN;
#define CK_BY_BUILD(fast, checked) checked
#else
#define CK_BY_BUILD(fast, checked) fast
#endif
CK_INLINE void *memcpy(void *to, const void *from, size_t bytes, int line = __builtin_LINE())
    CK_MEMORY(memcpy(to, from, bytes), ck_move(to, from, bytes, line))
CK_INLINE void *memmove(void *to, const void *from, size_t bytes, int line = __builtin_LINE())
    CK_MEMORY(memmove(to, from, bytes), ck_move(to, from, bytes, line))
CK_INLINE void *memset(void *to, int value, size_t bytes, int line = __builtin_LINE())
    CK_MEMORY(memset(to, value, bytes), ck_set(to, value, bytes, line))

// ---------------------------------------------------------------- barriers and warps

CK_INLINE void __syncthreads(int line = __builtin_LINE()) { ck_barrier(line); }
CK_INLINE int __syncthreads_count(int p, int line = __builtin_LINE()) { return ck_barrier_count(line, p != 0); }
CK_INLINE int __syncthreads_or(int p, int line = __builtin_LINE()) { return ck_barrier_count(line, p != 0) != 0; }
CK_INLINE int __syncthreads_and(int p, int line = __builtin_LINE()) { return ck_barrier_count(line, p == 0) == 0; }

enum { CK_MEET, CK_FROM_LANE, CK_FROM_BELOW, CK_FROM_ABOVE, CK_FROM_XOR, CK_BALLOT, CK_WHO_IS_ACTIVE };
#define CK_ALL 0xffffffffu
CK_INLINE void __syncwarp(unsigned mask = CK_ALL, int line = __builtin_LINE()) {
    ck_exchange(CK_MEET, mask, 0, 0, 32, line);
}
CK_INLINE unsigned __ballot_sync(unsigned mask, int p, int line = __builtin_LINE()) {
    return (unsigned)ck_exchange(CK_BALLOT, mask, p != 0, 0, 32, line);
}
CK_INLINE int __any_sync(unsigned mask, int p, int line = __builtin_LINE()) {
    return ck_exchange(CK_BALLOT, mask, p != 0, 0, 32, line) != 0;
}
CK_INLINE int __all_sync(unsigned mask, int p, int line = __builtin_LINE()) {
    return ck_exchange(CK_BALLOT, mask, p == 0, 0, 32, line) == 0;
}
CK_INLINE unsigned __activemask(int line = __builtin_LINE()) {
    return (unsigned)ck_exchange(CK_WHO_IS_ACTIVE, 0, 0, 0, 32, line);
}
template <class T> CK_INLINE T ck_shuffle(int operation, unsigned mask, T value, int lane, int width, int line) {
    static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
    unsigned long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    bits = ck_exchange(operation, mask, bits, lane, width, line);
    __builtin_memcpy(&value, &bits, sizeof(T));
    return value;
}
template <class T> CK_INLINE T __shfl_sync(unsigned m, T v, int lane, int width = 32, int line = __builtin_LINE()) {
    return ck_shuffle(CK_FROM_LANE, m, v, lane, width, line);
}
template <class T> CK_INLINE T __shfl_up_sync(unsigned m, T v, unsigned d, int width = 32, int line = __builtin_LINE()) {
    return ck_shuffle(CK_FROM_BELOW, m, v, (int)d, width, line);
}
template <class T>
CK_INLINE T __shfl_down_sync(unsigned m, T v, unsigned d, int width = 32, int line = __builtin_LINE()) {
    return ck_shuffle(CK_FROM_ABOVE, m, v, (int)d, width, line);
}
template <class T> CK_INLINE T __shfl_xor_sync(unsigned m, T v, int lanes, int width = 32, int line = __builtin_LINE()) {
    return ck_shuffle(CK_FROM_XOR, m, v, lanes, width, line);
}
CK_INLINE void __threadfence() { ck_fence(); }
CK_INLINE void __threadfence_block() { ck_fence(); }
CK_INLINE void __threadfence_system() { ck_fence(); }
CK_INLINE long clock64() { return ck_clock(); }
CK_INLINE int clock() { return (int)ck_clock(); }
CK_INLINE void __trap(int line = __builtin_LINE()) { ck_trap(line); }
#define assert(condition) ((condition) ? (void)0 : ck_assert_failed(#condition, __LINE__))

// ---------------------------------------------------------------- atomics
// One operating system's thread runs all of a kernel, so a read and a write are atomic by themselves; the checked
// runtime is told before, with the line, because the access is the shim's and not the student's.

#ifdef CK_CHECKED
extern "C" void ck_atomic(const void *address, unsigned size, int compares, int line) CK_PLAIN;
#define CK_TELL(compares) ck_atomic(p, sizeof *p, compares, line)
#define CK_UNSEEN __attribute__((no_sanitize_thread))
#define CK_ATOMIC static __attribute__((noinline, unused)) CK_UNSEEN
#else
#define CK_TELL(compares)
#define CK_ATOMIC CK_INLINE
#endif
#define CK_LINE int line = __builtin_LINE()
#define CK_UPDATE(name, T, expression) \
    CK_ATOMIC T name(T *p, T v, CK_LINE) { CK_TELL(0); T old = *p; *p = (expression); return old; }
#define CK_ARITHMETIC(T) \
    CK_UPDATE(atomicAdd, T, old + v) CK_UPDATE(atomicExch, T, v)
#define CK_INTEGER(T) \
    CK_ARITHMETIC(T) CK_UPDATE(atomicSub, T, old - v) \
    CK_UPDATE(atomicMin, T, old < v ? old : v) CK_UPDATE(atomicMax, T, old < v ? v : old) \
    CK_UPDATE(atomicAnd, T, old & v) CK_UPDATE(atomicOr, T, old | v) CK_UPDATE(atomicXor, T, old ^ v) \
    CK_ATOMIC T atomicCAS(T *p, T expected, T v, CK_LINE) { \
        CK_TELL(1); T old = *p; if (old == expected) *p = v; return old; }
CK_INTEGER(int) CK_INTEGER(unsigned) CK_INTEGER(unsigned long) CK_INTEGER(unsigned long long) CK_INTEGER(long long)
CK_ARITHMETIC(float) CK_ARITHMETIC(double)
CK_UPDATE(atomicInc, unsigned, old >= v ? 0 : old + 1)
CK_UPDATE(atomicDec, unsigned, old == 0 || old > v ? v : old - 1)
#define atomicAdd_block atomicAdd
#define atomicAdd_system atomicAdd

// ---------------------------------------------------------------- launching: void** to the kernel's own parameters

template <int...> struct ck_numbers {};
template <int N, int... S> struct ck_count : ck_count<N - 1, N - 1, S...> {};
template <int... S> struct ck_count<0, S...> { typedef ck_numbers<S...> type; };
template <class T> struct ck_bare { typedef T type; };
template <class T> struct ck_bare<const T> { typedef T type; };
template <class T> struct ck_bare<T &> { typedef T type; };
template <class T> struct ck_kind { enum { value = 's' }; };  // a struct
template <class T> struct ck_kind<T *> { enum { value = 'p' }; };
#define CK_KIND(T, letter) template <> struct ck_kind<T> { enum { value = letter }; };
CK_KIND(float, 'f') CK_KIND(double, 'f')
CK_KIND(bool, 'i') CK_KIND(char, 'i') CK_KIND(signed char, 'i') CK_KIND(unsigned char, 'i')
CK_KIND(short, 'i') CK_KIND(unsigned short, 'i') CK_KIND(int, 'i') CK_KIND(unsigned, 'i')
CK_KIND(long, 'i') CK_KIND(unsigned long, 'i') CK_KIND(long long, 'i') CK_KIND(unsigned long long, 'i')

#define CK_QUIET __attribute__((no_sanitize_thread))
template <class... A, int... S>
CK_QUIET __attribute__((always_inline)) inline void ck_call(void (*kernel)(A...), void **values, ck_numbers<S...>) {
    kernel(*(typename ck_bare<A>::type *)values[S]...);
}
template <class... A> CK_QUIET __attribute__((always_inline)) inline void ck_call(void (*kernel)(A...), void **values) {
    ck_call(kernel, values, typename ck_count<sizeof...(A)>::type());
}
template <class... A> CK_QUIET inline int ck_parameters(void (*)(A...), int *sizes_and_kinds) {
    int sizes[] = {0, (int)sizeof(A)...}, kinds[] = {0, (int)ck_kind<typename ck_bare<A>::type>::value...};
    for (unsigned i = 1; i <= sizeof...(A); i++) {
        *sizes_and_kinds++ = sizes[i];
        *sizes_and_kinds++ = kinds[i];
    }
    return sizeof...(A);
}

// ---------------------------------------------------------------- loops, as the checked runtime wants to hear of them
// Lanes of a warp that run apart meet again behind the loop; with the place in all loops around it known, accesses that
// a GPU makes in one request are recognised exactly. An if with an empty branch leaves a student's else where it was.

#ifdef CK_CHECKED
struct ck_place {
    unsigned long before, turns, id;
};
extern "C" {
void ck_loop_entered(ck_place *place) CK_PLAIN;
void ck_loop_turned(ck_place *place) CK_PLAIN;
void ck_loop_left(ck_place *place) CK_PLAIN;
}
// No constructor and no destructor, so that functions which are constexpr may have loops.
#define CK_OF_LOOP CK_QUIET __attribute__((always_inline)) constexpr
CK_OF_LOOP bool ck_enter(ck_place *place) { return __builtin_is_constant_evaluated() || (ck_loop_entered(place), false); }
CK_OF_LOOP bool ck_turn(ck_place *place) { return __builtin_is_constant_evaluated() || (ck_loop_turned(place), true); }
CK_OF_LOOP void ck_leave(ck_place *place) {
    if (!__builtin_is_constant_evaluated()) ck_loop_left(place);
}
#define CK_NEW_PLACE ck_place ck_here __attribute__((cleanup(ck_leave))) = {0, 0, __LINE__ * 4096ul + __COUNTER__ % 4096}
#define CK_IN_LOOP if (CK_NEW_PLACE; ck_enter(&ck_here) && false) {} else
#define CK_EACH_TURN if (!ck_turn(&ck_here)) {} else
#endif
}  // extern "C++"

#ifdef CK_CHECKED
#define ck_while(...) CK_IN_LOOP while (__VA_ARGS__) CK_EACH_TURN
#define ck_for(...) CK_IN_LOOP for (__VA_ARGS__) CK_EACH_TURN
#define ck_do CK_IN_LOOP do CK_EACH_TURN
#endif

#define CK_KERNEL(name) \
    extern "C" CK_QUIET __attribute__((noinline)) void ck_run_##name(void **values) { ck_call(name, values); } \
    extern "C" CK_QUIET int ck_parameters_##name(int *to) { return ck_parameters(name, to); }
// Dynamic shared memory: as large as an array may be, behind the static one; how much a launch may use is checked.
#define CK_DYNAMIC(name, bytes) \
    extern "C" { char name##_ck_bytes[bytes] asm(#name) __attribute__((section("ck_shared"), aligned(64))); }
