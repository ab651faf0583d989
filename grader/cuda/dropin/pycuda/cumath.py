"""Functions of arrays, element by element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ._array import GPUArray
from ._storage import elements, store
from ._streams import Stream


def _require_contiguous(*arrays: GPUArray) -> None:
    if not all(array.flags.forc for array in arrays):
        raise RuntimeError("only arrays whose elements lie side by side can be used here: take a copy() first")


def _function(name: str, compute: Callable[..., Any]) -> Callable[..., GPUArray]:
    def of_each(
        array: GPUArray, stream_or_out: GPUArray | Stream | None = None, *, out: Any = None, stream: Any = None
    ) -> GPUArray:
        """Into a new array, or `out`, of the same shape and dtype."""
        _require_contiguous(array)
        target = stream_or_out if isinstance(stream_or_out, GPUArray) else out
        result: GPUArray = array.new_like() if target is None else target
        if (result.dtype, result.shape, result.strides) != (array.dtype, array.shape, array.strides):
            raise AssertionError("the result is to be of the same dtype, shape and order")
        with np.errstate(all="ignore"):
            store(result, compute(elements(array)))
        return result

    of_each.__name__ = of_each.__qualname__ = name
    return of_each


fabs = _function("fabs", np.abs)
ceil = _function("ceil", np.ceil)
floor = _function("floor", np.floor)
exp = _function("exp", np.exp)
log = _function("log", np.log)
log10 = _function("log10", np.log10)
sqrt = _function("sqrt", np.sqrt)
sin = _function("sin", np.sin)
cos = _function("cos", np.cos)
tan = _function("tan", np.tan)
asin = _function("asin", np.arcsin)
acos = _function("acos", np.arccos)
atan = _function("atan", np.arctan)
sinh = _function("sinh", np.sinh)
cosh = _function("cosh", np.cosh)
tanh = _function("tanh", np.tanh)


def _new(array: GPUArray, values: Any) -> GPUArray:
    result = GPUArray(array.shape, array.dtype, array.allocator)
    store(result, values)
    return result


def fmod(arg: GPUArray, mod: GPUArray, stream: Any = None) -> GPUArray:
    """What is left of `arg` when it is divided by `mod`, with the sign of `arg`."""
    _require_contiguous(arg, mod)
    with np.errstate(all="ignore"):
        return _new(arg, np.fmod(elements(arg), elements(mod)))


def frexp(arg: GPUArray, stream: Any = None) -> tuple[GPUArray, GPUArray]:
    """Significands, at least a half and below one, and exponents of two."""
    _require_contiguous(arg)
    significands, exponents = np.frexp(elements(arg))
    return _new(arg, significands), _new(arg, exponents)


def ldexp(significand: GPUArray, exponent: GPUArray, stream: Any = None) -> GPUArray:
    """`significand * 2**exponent`, of the whole part of the exponent."""
    _require_contiguous(significand, exponent)
    with np.errstate(all="ignore"):
        return _new(significand, np.ldexp(elements(significand), elements(exponent).astype(np.int32)))


def modf(arg: GPUArray, stream: Any = None) -> tuple[GPUArray, GPUArray]:
    """The parts behind and before the point."""
    _require_contiguous(arg)
    behind, before = np.modf(elements(arg))
    return _new(arg, behind), _new(arg, before)
