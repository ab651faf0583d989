"""Arrays in device memory, and functions of them.

Their arithmetic is numpy's, done on the memory itself; kernels of students, and those of pycuda.elementwise, reduction
and scan, run on the engine.
"""

from __future__ import annotations

import builtins
import warnings
from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._array import Allocator, GPUArray, values_of
from ._layout import common_dtype, splay, strides_in_order_of
from ._memory import mem_alloc
from ._storage import elements, store
from ._vectors import vec

__all__ = [
    "GPUArray",
    "all",
    "any",
    "arange",
    "concatenate",
    "dot",
    "empty",
    "empty_like",
    "if_positive",
    "logical_and",
    "logical_not",
    "logical_or",
    "max",
    "maximum",
    "min",
    "minimum",
    "multi_put",
    "multi_take",
    "multi_take_put",
    "ones",
    "ones_like",
    "reshape",
    "splay",
    "stack",
    "subset_dot",
    "subset_max",
    "subset_min",
    "subset_sum",
    "sum",
    "take",
    "to_gpu",
    "to_gpu_async",
    "transpose",
    "vec",
    "where",
    "zeros",
    "zeros_like",
]

empty = GPUArray

# ---------------------------------------------------------------- new arrays


def to_gpu(ary: NDArray[Any], allocator: Allocator = mem_alloc) -> GPUArray:
    """The same elements on the device, in the same order."""
    packed = strides_in_order_of(ary.shape, ary.strides, ary.itemsize)
    new = GPUArray(ary.shape, ary.dtype, allocator, strides=packed)
    new.set(ary)
    return new


def to_gpu_async(ary: NDArray[Any], allocator: Allocator = mem_alloc, stream: Any = None) -> GPUArray:
    return to_gpu(ary, allocator)


def zeros(shape: Any, dtype: DTypeLike = np.float64, allocator: Allocator = mem_alloc, order: str = "C") -> GPUArray:
    return GPUArray(shape, dtype, allocator, order=order).fill(np.zeros((), dtype))


def ones(shape: Any, dtype: DTypeLike = np.float64, allocator: Allocator = mem_alloc, order: str = "C") -> GPUArray:
    return GPUArray(shape, dtype, allocator, order=order).fill(np.ones((), dtype))


def empty_like(other_ary: GPUArray, dtype: DTypeLike | None = None, order: str = "K") -> GPUArray:
    """Order A: F if the other one's is, else C; K: as close to the other one's as can be without gaps."""
    kind = np.dtype(dtype) if dtype is not None else other_ary.dtype
    flags = other_ary.flags
    if order == "A":
        order = "F" if flags.f_contiguous and not flags.c_contiguous else "C"
    if order != "K":
        return GPUArray(other_ary.shape, kind, other_ary.allocator, order=order)
    packed = strides_in_order_of(other_ary.shape, other_ary.strides, kind.itemsize)
    return GPUArray(other_ary.shape, kind, other_ary.allocator, strides=packed)


def zeros_like(other_ary: GPUArray, dtype: DTypeLike | None = None, order: str = "K") -> GPUArray:
    new = empty_like(other_ary, dtype, order)
    store(new, np.zeros((), new.dtype))
    return new


def ones_like(other_ary: GPUArray, dtype: DTypeLike | None = None, order: str = "K") -> GPUArray:
    new = empty_like(other_ary, dtype, order)
    store(new, np.ones((), new.dtype))
    return new


def arange(*args: Any, dtype: DTypeLike | None = None, stream: Any = None, **named: Any) -> GPUArray:
    """Numbers from `start` (0) up to but without `stop`, `step` (1) apart."""
    numbers = list(args)
    if numbers and isinstance(numbers[-1], np.dtype):
        dtype = numbers.pop()
    if not set(named) <= {"start", "stop", "step"} or len(numbers) + len(named) not in (1, 2, 3):
        raise ValueError("arange takes start, stop, step and dtype")
    positions = ("stop",) if len(numbers) == 1 and "stop" not in named else ("start", "stop", "step")
    given = {"start": 0, "step": 1, **dict(zip(positions, numbers, strict=False)), **named}
    kind = np.dtype(dtype) if dtype is not None else np.array(list(given.values())).dtype
    if dtype is None and kind != np.float32:
        warnings.warn("arange guesses the dtype: better tell it", stacklevel=2)
    start, stop, step = np.array([given[name] for name in ("start", "stop", "step")], kind)
    size = builtins.max(ceil((stop - start) / step), 0)
    new = GPUArray((size,), kind)
    store(new, start + np.arange(size).astype(kind) * step)
    return new


# ---------------------------------------------------------------- parts of arrays


def take(a: GPUArray, indices: GPUArray, out: GPUArray | None = None, stream: Any = None) -> GPUArray:
    """The elements at the indices."""
    result = GPUArray(indices.shape, a.dtype, a.allocator) if out is None else out
    store(result, elements(a).ravel()[elements(indices)])
    return result


def multi_take(
    arrays: Sequence[GPUArray], indices: GPUArray, out: Sequence[GPUArray] | None = None, stream: Any = None
) -> list[GPUArray]:
    """The elements at the same indices of each array."""
    targets: Sequence[GPUArray | None] = out if out is not None else [None] * len(arrays)
    if len(targets) != len(arrays):
        raise ValueError("there are to be as many results as arrays")
    return [take(array, indices, target) for array, target in zip(arrays, targets, strict=True)]


def multi_put(
    arrays: Sequence[GPUArray],
    dest_indices: GPUArray,
    dest_shape: Any = None,
    out: Sequence[GPUArray] | None = None,
    stream: Any = None,
) -> list[GPUArray]:
    """The elements of each array, put at the indices of its result."""
    results = _results(arrays, dest_shape, out)
    for array, result in zip(arrays, results, strict=True):
        _put(result, dest_indices, elements(array).ravel()[: dest_indices.size])
    return results


def multi_take_put(
    arrays: Sequence[GPUArray],
    dest_indices: GPUArray,
    src_indices: GPUArray,
    dest_shape: Any = None,
    out: Sequence[GPUArray] | None = None,
    stream: Any = None,
    src_offsets: Sequence[int] | None = None,
) -> list[GPUArray]:
    """The elements at indices of each array, counted from its offset, put at other indices of its result."""
    if src_indices.dtype != dest_indices.dtype:
        raise TypeError("both indices are to be of one dtype")
    if src_indices.ndim != 1 or src_indices.shape != dest_indices.shape:
        raise ValueError("both indices are to be of one dimension and of one size")
    offsets = [0] * len(arrays) if src_offsets is None else list(src_offsets)
    results = _results(arrays, dest_shape, out)
    for array, offset, result in zip(arrays, offsets, results, strict=True):
        _put(result, dest_indices, elements(array).ravel()[elements(src_indices).astype(np.int64) + offset])
    return results


def _results(arrays: Sequence[GPUArray], shape: Any, out: Sequence[GPUArray] | None) -> list[GPUArray]:
    if out is None:
        return [GPUArray(shape, array.dtype, array.allocator) for array in arrays]
    if len(out) != len(arrays):
        raise ValueError("there are to be as many results as arrays")
    return list(out)


def _put(result: GPUArray, indices: GPUArray, values: NDArray[Any]) -> None:
    flat = result.ravel()
    for n, index in enumerate(elements(indices).tolist()):
        store(flat[index], values[n])


# ---------------------------------------------------------------- shapes


def transpose(a: GPUArray, axes: Sequence[int] | None = None) -> GPUArray:
    return a.transpose(axes)


def reshape(a: GPUArray, *shape: Any, order: str = "C") -> GPUArray:
    return a.reshape(*shape, order=order)


def concatenate(arrays: Sequence[GPUArray], axis: int = 0, allocator: Allocator | None = None) -> GPUArray:
    """One behind the other along an axis. Raises ValueError where shapes do not fit."""
    return _joined(np.concatenate([elements(array) for array in arrays], axis), arrays, allocator)


def stack(arrays: Sequence[GPUArray], axis: int = 0, allocator: Allocator | None = None) -> GPUArray:
    """Side by side along a new axis. Raises ValueError where shapes differ."""
    order = "C" if axis == 0 else "F"
    return _joined(np.stack([elements(array) for array in arrays], axis), arrays, allocator, order)


def _joined(
    values: NDArray[Any], arrays: Sequence[GPUArray], allocator: Allocator | None, order: str = "C"
) -> GPUArray:
    result = GPUArray(values.shape, values.dtype, allocator or arrays[0].allocator, order=order)
    store(result, values)
    return result


# ---------------------------------------------------------------- choices


def if_positive(
    criterion: GPUArray, then_: GPUArray, else_: GPUArray, out: GPUArray | None = None, stream: Any = None
) -> GPUArray:
    """Of two arrays, the first one's elements where the criterion is above zero."""
    if not criterion.shape == then_.shape == else_.shape:
        raise ValueError("the shapes differ")
    if then_.dtype != else_.dtype:
        raise ValueError("the dtypes differ")
    return _chosen(elements(criterion) > 0, then_, else_, out)


def where(
    criterion: GPUArray, then_: GPUArray, else_: GPUArray, out: GPUArray | None = None, stream: Any = None
) -> GPUArray:
    """Of two arrays, the first one's elements where the criterion is not zero."""
    if not criterion.shape == then_.shape == else_.shape:
        raise NotImplementedError("the shapes differ")
    if then_.dtype != else_.dtype:
        raise NotImplementedError("the dtypes differ")
    return _chosen(elements(criterion) != 0, then_, else_, out)


def _chosen(first: NDArray[Any], then_: GPUArray, else_: GPUArray, out: GPUArray | None) -> GPUArray:
    result = empty_like(then_) if out is None else out
    store(result, np.where(first, elements(then_), elements(else_)))
    return result


def _smaller_or_greater(function: Callable[[Any, Any], Any], a: Any, b: Any, out: GPUArray | None) -> GPUArray:
    result = empty_like(a if isinstance(a, GPUArray) else b) if out is None else out
    store(result, function(values_of(a), values_of(b)))
    return result


def minimum(a: Any, b: Any, out: GPUArray | None = None, stream: Any = None) -> GPUArray:
    """Of two arrays, or an array and a number, element by element."""
    return _smaller_or_greater(np.fmin, a, b, out)


def maximum(a: Any, b: Any, out: GPUArray | None = None, stream: Any = None) -> GPUArray:
    """Of two arrays, or an array and a number, element by element."""
    return _smaller_or_greater(np.fmax, a, b, out)


def _logical(
    function: Callable[..., Any], operands: Sequence[Any], out: GPUArray | None, allocator: Allocator | None
) -> GPUArray:
    values = np.asarray(function(*map(values_of, operands)))
    arrays = [operand for operand in operands if isinstance(operand, GPUArray)]
    if len({array.shape for array in arrays}) > 1:
        raise NotImplementedError("the shapes differ")
    result = out
    if result is None:
        new = arrays[0].new_like(np.bool_) if arrays else GPUArray((), np.bool_, allocator or mem_alloc)
        result = new
    store(result, values)
    return result


def logical_and(x1: Any, x2: Any, /, out: GPUArray | None = None, *, allocator: Allocator | None = None) -> GPUArray:
    """Of two arrays, or an array and a number, element by element: booleans."""
    return _logical(np.logical_and, (x1, x2), out, allocator)


def logical_or(x1: Any, x2: Any, /, out: GPUArray | None = None, *, allocator: Allocator | None = None) -> GPUArray:
    """Of two arrays, or an array and a number, element by element: booleans."""
    return _logical(np.logical_or, (x1, x2), out, allocator)


def logical_not(x: Any, /, out: GPUArray | None = None, *, allocator: Allocator | None = None) -> GPUArray:
    """Element by element: booleans."""
    return _logical(np.logical_not, (x,), out, allocator)


# ---------------------------------------------------------------- reductions: arrays of no dimension


def sum(
    a: GPUArray, dtype: DTypeLike | None = None, stream: Any = None, allocator: Allocator | None = None
) -> GPUArray:
    """In the array's own type, unless told otherwise."""
    kind = np.dtype(dtype) if dtype is not None else a.dtype
    return a.reduced(elements(a).sum(dtype=kind), kind, allocator)


def any(a: GPUArray, stream: Any = None, allocator: Allocator | None = None) -> GPUArray:
    return a.any(allocator=allocator)


def all(a: GPUArray, stream: Any = None, allocator: Allocator | None = None) -> GPUArray:
    return a.all(allocator=allocator)


def dot(
    a: GPUArray, b: GPUArray, dtype: DTypeLike | None = None, stream: Any = None, allocator: Allocator | None = None
) -> GPUArray:
    """The sum of the products of elements, none of them conjugated."""
    kind = np.dtype(dtype) if dtype is not None else common_dtype(a, b)
    value = np.dot(elements(a).ravel().astype(kind), elements(b).ravel().astype(kind))
    return a.reduced(value, kind, allocator)


def min(a: GPUArray, stream: Any = None) -> GPUArray:
    return a.reduced(np.fmin.reduce(elements(a), None), a.dtype)


def max(a: GPUArray, stream: Any = None) -> GPUArray:
    return a.reduced(np.fmax.reduce(elements(a), None), a.dtype)


def _subset(subset: GPUArray, a: GPUArray) -> NDArray[Any]:
    chosen: NDArray[Any] = elements(a).ravel()[elements(subset)]
    return chosen


def subset_sum(
    subset: GPUArray,
    a: GPUArray,
    dtype: DTypeLike | None = None,
    stream: Any = None,
    allocator: Allocator | None = None,
) -> GPUArray:
    """Of the elements at the indices."""
    kind = np.dtype(dtype) if dtype is not None else a.dtype
    return a.reduced(_subset(subset, a).sum(dtype=kind), kind, allocator)


def subset_dot(
    subset: GPUArray,
    a: GPUArray,
    b: GPUArray,
    dtype: DTypeLike | None = None,
    stream: Any = None,
    allocator: Allocator | None = None,
) -> GPUArray:
    """Of the elements at the indices."""
    kind = np.dtype(dtype) if dtype is not None else common_dtype(a, b)
    return a.reduced(np.dot(_subset(subset, a).astype(kind), _subset(subset, b).astype(kind)), kind, allocator)


def subset_min(subset: GPUArray, a: GPUArray, stream: Any = None) -> GPUArray:
    """Of the elements at the indices."""
    return a.reduced(np.fmin.reduce(_subset(subset, a)), a.dtype)


def subset_max(subset: GPUArray, a: GPUArray, stream: Any = None) -> GPUArray:
    """Of the elements at the indices."""
    return a.reduced(np.fmax.reduce(_subset(subset, a)), a.dtype)
