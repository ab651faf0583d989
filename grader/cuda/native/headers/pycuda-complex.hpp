// Complex numbers in kernels: pycuda::complex<float> and pycuda::complex<double>, for numpy's complex64 and complex128.
// Copies are left to the compiler, so that an access is one of the line that makes it.
#pragma once

extern "C++" {
namespace pycuda {

template <class T> struct complex {
    typedef T value_type;
    T re, im;

    __device__ complex() = default;
    __device__ complex(T real) : re(real), im(0) {}
    __device__ complex(T real, T imaginary) : re(real), im(imaginary) {}
    template <class U> __device__ complex(const complex<U> &other) : re((T)other.re), im((T)other.im) {}

    __device__ T real() const { return re; }
    __device__ T imag() const { return im; }
    __device__ T real() const volatile { return re; }
    __device__ T imag() const volatile { return im; }

    __device__ complex operator+() const { return *this; }
    __device__ complex operator-() const { return complex(-re, -im); }
    __device__ complex &operator+=(const complex &b) { return *this = *this + b; }
    __device__ complex &operator-=(const complex &b) { return *this = *this - b; }
    __device__ complex &operator*=(const complex &b) { return *this = *this * b; }
    __device__ complex &operator/=(const complex &b) { return *this = *this / b; }

    // Defined in the class, so that numbers of other types become complex on either side.
    friend __device__ complex operator+(const complex &a, const complex &b) { return complex(a.re + b.re, a.im + b.im); }
    friend __device__ complex operator-(const complex &a, const complex &b) { return complex(a.re - b.re, a.im - b.im); }
    friend __device__ complex operator*(const complex &a, const complex &b) {
        return complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
    }
    friend __device__ complex operator/(const complex &a, const complex &b) {
        // Scaled by the greater part, so that squares of the divisor do not overflow.
        if (::fabs(b.re) >= ::fabs(b.im)) {
            T ratio = b.im / b.re, divisor = b.re + b.im * ratio;
            return complex((a.re + a.im * ratio) / divisor, (a.im - a.re * ratio) / divisor);
        }
        T ratio = b.re / b.im, divisor = b.re * ratio + b.im;
        return complex((a.re * ratio + a.im) / divisor, (a.im * ratio - a.re) / divisor);
    }
    friend __device__ bool operator==(const complex &a, const complex &b) { return a.re == b.re && a.im == b.im; }
    friend __device__ bool operator!=(const complex &a, const complex &b) { return !(a == b); }
};

template <class T> __device__ inline T real(const complex<T> &z) { return z.re; }
template <class T> __device__ inline T imag(const complex<T> &z) { return z.im; }
template <class T> __device__ inline T norm(const complex<T> &z) { return z.re * z.re + z.im * z.im; }
template <class T> __device__ inline T abs(const complex<T> &z) { return ::hypot(z.re, z.im); }
template <class T> __device__ inline T arg(const complex<T> &z) { return ::atan2(z.im, z.re); }
template <class T> __device__ inline complex<T> conj(const complex<T> &z) { return complex<T>(z.re, -z.im); }
template <class T> __device__ inline complex<T> polar(T length, T angle = 0) {
    return complex<T>(length * ::cos(angle), length * ::sin(angle));
}

template <class T> __device__ inline complex<T> exp(const complex<T> &z) { return polar(::exp(z.re), z.im); }
template <class T> __device__ inline complex<T> log(const complex<T> &z) { return complex<T>(::log(abs(z)), arg(z)); }
template <class T> __device__ inline complex<T> log10(const complex<T> &z) { return log(z) / complex<T>(::log((T)10)); }
template <class T> __device__ inline complex<T> sqrt(const complex<T> &z) { return polar(::sqrt(abs(z)), arg(z) / 2); }
template <class T> __device__ inline complex<T> pow(const complex<T> &z, const complex<T> &w) {
    return z == complex<T>(0) ? complex<T>(w == complex<T>(0)) : exp(w * log(z));
}
template <class T> __device__ inline complex<T> pow(const complex<T> &z, const T &w) { return pow(z, complex<T>(w)); }
template <class T> __device__ inline complex<T> sinh(const complex<T> &z) {
    return complex<T>(::sinh(z.re) * ::cos(z.im), ::cosh(z.re) * ::sin(z.im));
}
template <class T> __device__ inline complex<T> cosh(const complex<T> &z) {
    return complex<T>(::cosh(z.re) * ::cos(z.im), ::sinh(z.re) * ::sin(z.im));
}
template <class T> __device__ inline complex<T> tanh(const complex<T> &z) { return sinh(z) / cosh(z); }
template <class T> __device__ inline complex<T> sin(const complex<T> &z) {
    return complex<T>(::sin(z.re) * ::cosh(z.im), ::cos(z.re) * ::sinh(z.im));
}
template <class T> __device__ inline complex<T> cos(const complex<T> &z) {
    return complex<T>(::cos(z.re) * ::cosh(z.im), -::sin(z.re) * ::sinh(z.im));
}
template <class T> __device__ inline complex<T> tan(const complex<T> &z) { return sin(z) / cos(z); }

}  // namespace pycuda
}
