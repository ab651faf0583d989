"""Arrays in device memory."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NoReturn

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._errors import LogicError
from ._host import as_shape, compact_strides, pagelocked_empty
from ._layout import Flags, common_dtype, real_dtype, splay, strides_in_order_of
from ._memory import mem_alloc
from ._storage import elements, store

Allocator = Callable[[int], Any]


class GPUArray:
    """An array whose elements are in device memory, at `gpudata`.

    Operators work element by element, on arrays of one shape or with a number, and only where the elements lie side
    by side (RuntimeError otherwise). Comparisons give ones and zeros.
    """

    __array_priority__ = 100
    __array_ufunc__ = None  # numpy's numbers leave operators to this class
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        shape: Any,
        dtype: DTypeLike,
        allocator: Allocator = mem_alloc,
        base: Any = None,
        gpudata: Any = None,
        strides: Sequence[int] | None = None,
        order: str = "C",
    ) -> None:
        """`gpudata`: existing memory; without it, new memory comes from the allocator, with nothing written in it."""
        if order not in ("C", "F"):
            raise ValueError(f"the order is C or F, not {order!r}")
        self.shape, self.dtype = as_shape(shape), np.dtype(dtype)
        self.itemsize, self.size = self.dtype.itemsize, prod(self.shape)
        self.mem_size, self.nbytes = self.size, self.size * self.itemsize
        compact = compact_strides(self.shape, self.itemsize, order)
        self.strides = compact if strides is None else tuple(map(int, strides))
        self.allocator, self.base = allocator, base
        self.gpudata = gpudata if gpudata is not None or not self.size else allocator(self.nbytes)

    # ------------------------------------------------------------ what it is

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def flags(self) -> Flags:
        return Flags(self.shape, self.strides, self.itemsize)

    @property
    def ptr(self) -> int:
        """The address of the first element."""
        return int(self.gpudata or 0)

    @property
    def _grid(self) -> tuple[int, int]:
        return splay(self.mem_size)[0]

    @property
    def _block(self) -> tuple[int, int, int]:
        return splay(self.mem_size)[1]

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return {
            "shape": self.shape,
            "strides": self.strides,
            "data": (self.ptr, False),
            "typestr": self.dtype.str,
            "stream": None,
            "version": 3,
        }

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("an array of no dimension has no length")
        return self.shape[0]

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError("whether an array of several elements is true is ambiguous: use any() or all()")
        return bool(self.get())

    def __str__(self) -> str:
        return str(self.get())

    def __repr__(self) -> str:
        return repr(self.get())

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_host, (self.get(),)

    # ------------------------------------------------------------ to the host and back

    def set(self, ary: NDArray[Any], async_: bool = False, stream: Any = None) -> None:
        """From an array of the host, of the same size and dtype (ValueError otherwise)."""
        if ary.size != self.size:
            raise ValueError(f"{ary.size} elements cannot be set in an array of {self.size}")
        if ary.dtype != self.dtype:
            raise ValueError(f"elements of {ary.dtype} cannot be set in an array of {self.dtype}")
        if ary.shape != self.shape:
            warnings.warn("the array that is set has another shape", stacklevel=2)
        store(self, ary.reshape(self.shape))

    def set_async(self, ary: NDArray[Any], stream: Any = None) -> None:
        self.set(ary)

    def get(
        self, ary: NDArray[Any] | None = None, pagelocked: bool = False, async_: bool = False, stream: Any = None
    ) -> NDArray[Any]:
        """As an array of the host: a new one, or `ary`, of the same size (ValueError) and dtype (TypeError)."""
        if ary is None:
            ary = pagelocked_empty(self.shape, self.dtype) if pagelocked else np.empty_like(elements(self), order="K")
        if ary.size != self.size:
            raise ValueError(f"{self.size} elements do not fit into an array of {ary.size}")
        if ary.dtype != self.dtype:
            raise TypeError(f"elements of {self.dtype} do not fit into an array of {ary.dtype}")
        if ary.shape != self.shape:
            warnings.warn("get() to an array of another shape is deprecated", DeprecationWarning, stacklevel=2)
        ary[...] = elements(self).reshape(ary.shape)
        return ary

    def get_async(self, stream: Any = None, ary: NDArray[Any] | None = None) -> NDArray[Any]:
        return self.get(ary)

    def copy(self) -> GPUArray:
        """The same elements in memory of their own, in the same order."""
        packed = strides_in_order_of(self.shape, self.strides, self.itemsize)
        new = GPUArray(self.shape, self.dtype, self.allocator, strides=packed)
        store(new, elements(self))
        return new

    # ------------------------------------------------------------ other views of the same memory

    def _share(
        self, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0, dtype: DTypeLike | None = None
    ) -> GPUArray:
        place = None if self.gpudata is None else self.ptr + offset
        return GPUArray(shape, dtype or self.dtype, self.allocator, self, place, strides)

    def reshape(self, *shape: Any, order: str = "C") -> GPUArray:
        """Of one dimension, -1 stands for what is left. Raises ValueError if sizes differ."""
        self._require_contiguous()
        wanted = tuple(shape[0]) if len(shape) == 1 and not isinstance(shape[0], int | np.integer) else shape
        if wanted.count(-1) > 1:
            raise ValueError("only one dimension can be left open")
        if -1 in wanted:
            rest = -prod(wanted)
            wanted = tuple(self.size // rest if n == -1 else n for n in wanted) if rest else wanted
        if prod(wanted) != self.size:
            raise ValueError(f"an array of {self.size} elements cannot have the shape {wanted}")
        return self._share(wanted, compact_strides(wanted, self.itemsize, order))

    def ravel(self) -> GPUArray:
        return self.reshape(self.size)

    def view(self, dtype: DTypeLike | None = None) -> GPUArray:
        """The same bytes as of another type. Raises ValueError if they are not a whole number of them."""
        kind = np.dtype(dtype) if dtype is not None else self.dtype
        if kind.itemsize == self.itemsize:
            return self._share(self.shape, self.strides, dtype=kind)
        axis = min(range(self.ndim), key=lambda n: abs(self.strides[n]))
        bytes_ = self.shape[axis] * self.itemsize
        if bytes_ % kind.itemsize:
            raise ValueError(f"{bytes_} bytes are no whole number of {kind}")
        shape, strides = list(self.shape), list(self.strides)
        shape[axis] = bytes_ // kind.itemsize
        strides[axis] = strides[axis] * kind.itemsize // self.itemsize
        return self._share(tuple(shape), tuple(strides), dtype=kind)

    def squeeze(self) -> GPUArray:
        """Without dimensions of one element."""
        kept = [axis for axis, n in enumerate(self.shape) if n > 1]
        return self._share(tuple(self.shape[n] for n in kept), tuple(self.strides[n] for n in kept))

    def transpose(self, axes: Sequence[int] | None = None) -> GPUArray:
        """With the dimensions in another order, by default the opposite one."""
        order = list(axes) if axes is not None else list(range(self.ndim))[::-1]
        if sorted(n % self.ndim for n in order) != list(range(self.ndim)):
            raise ValueError(f"{axes} is no order of {self.ndim} axes")
        return self._share(tuple(self.shape[n] for n in order), tuple(self.strides[n] for n in order))

    @property
    def T(self) -> GPUArray:  # noqa: N802 - numpy's name
        return self.transpose()

    def __getitem__(self, index: Any) -> GPUArray:
        """A part of the same memory. Raises IndexError for anything but numbers, slices, ... and newaxis."""
        parts = index if isinstance(index, tuple) else (index,)
        for part in parts:
            if not (part is None or part is Ellipsis or isinstance(part, slice | int | np.integer)):
                raise IndexError(f"an array on the device has no index of type {type(part).__name__}")
        whole = elements(self)
        part = whole[parts if Ellipsis in parts else (*parts, Ellipsis)]
        return self._share(part.shape, part.strides, part.ctypes.data - whole.ctypes.data if part.size else 0)

    def __setitem__(self, index: Any, value: Any) -> None:
        """A number, or an array of the same shape and dtype (ValueError, TypeError)."""
        part = self[index]
        if np.isscalar(value):
            store(part, value)
            return
        if value.shape != part.shape:
            raise ValueError(f"an array of shape {value.shape} cannot be set in one of shape {part.shape}")
        if value.dtype != part.dtype:
            raise TypeError(f"elements of {value.dtype} cannot be set in an array of {part.dtype}")
        store(part, values_of(value))

    # ------------------------------------------------------------ element by element

    def _require_contiguous(self, *others: Any) -> None:
        if not all(array.flags.forc for array in (self, *others) if isinstance(array, GPUArray)):
            raise RuntimeError("only arrays whose elements lie side by side can be used here: take a copy() first")

    def new_like(self, dtype: DTypeLike | None = None) -> GPUArray:
        """One of the same shape and order."""
        order = "F" if self.flags.f_contiguous and not self.flags.c_contiguous else "C"
        return GPUArray(self.shape, dtype or self.dtype, self.allocator, order=order)

    _new_like_me = new_like

    def _filled(self, values: Any, dtype: DTypeLike | None = None, out: GPUArray | None = None) -> GPUArray:
        result = self.new_like(dtype) if out is None else out
        store(result, values)
        return result

    def _combine(self, function: Callable[[Any, Any], Any], other: Any, out: GPUArray | None = None) -> Any:
        """In the type that numpy would give both; an array of no dimension goes with any shape."""
        if not isinstance(other, GPUArray) and not np.isscalar(other):
            return NotImplemented
        self._require_contiguous(other)
        dtype, like = common_dtype(self, other), self
        if isinstance(other, GPUArray) and other.shape != self.shape:
            if () not in (self.shape, other.shape):
                raise NotImplementedError(f"arrays of shapes {self.shape} and {other.shape} cannot be combined")
            like = other if self.shape == () else self
        with np.errstate(all="ignore"):
            values = function(elements(self).astype(dtype), _converted(other, dtype))
        return like._filled(values, dtype, out)

    def __add__(self, other: Any) -> Any:
        return self._combine(np.add, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._combine(np.subtract, other)

    def __rsub__(self, other: Any) -> Any:
        return self._combine(_swapped(np.subtract), other)

    def __mul__(self, other: Any) -> Any:
        return self._combine(np.multiply, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._combine(_divide, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._combine(_swapped(_divide), other)

    def __pow__(self, other: Any) -> Any:
        return self._combine(_power, other)

    def __rpow__(self, other: Any) -> Any:
        return self._combine(_swapped(_power), other)

    def __iadd__(self, other: Any) -> GPUArray:
        return self._in_place(np.add, other)

    def __isub__(self, other: Any) -> GPUArray:
        return self._in_place(np.subtract, other)

    def __imul__(self, other: Any) -> GPUArray:
        return self._in_place(np.multiply, other)

    def __itruediv__(self, other: Any) -> GPUArray:
        return self._in_place(_divide, other)

    def __ipow__(self, other: Any) -> GPUArray:
        return self._in_place(_power, other)

    def _in_place(self, function: Callable[[Any, Any], Any], other: Any) -> GPUArray:
        if isinstance(other, GPUArray) and other.shape not in (self.shape, ()):
            raise ValueError(f"an array of shape {other.shape} cannot be combined into one of shape {self.shape}")
        result: GPUArray = self._combine(function, other, self)
        return result

    def mul_add(
        self, selffac: Any, other: GPUArray, otherfac: Any, add_timer: Any = None, stream: Any = None, out: Any = None
    ) -> GPUArray:
        """`selffac * self + otherfac * other`."""

        def combine(one: Any, two: Any) -> Any:
            return one * one.dtype.type(selffac) + two * two.dtype.type(otherfac)

        result: GPUArray = self._combine(combine, other, out)
        return result

    def __pos__(self) -> GPUArray:
        return self

    def __neg__(self) -> GPUArray:
        self._require_contiguous()
        with np.errstate(all="ignore"):
            return self._filled(np.subtract(self.dtype.type(0), elements(self)))

    def __abs__(self) -> GPUArray:
        self._require_contiguous()
        return self._filled(np.abs(elements(self)), real_dtype(self.dtype))

    def _compare(self, function: Callable[[Any, Any], Any], other: Any) -> Any:
        if np.isscalar(other):
            self._require_contiguous()
            return self._filled(function(elements(self), other))
        return self._combine(function, other)

    def __eq__(self, other: object) -> Any:
        return self._compare(np.equal, other)

    def __ne__(self, other: object) -> Any:
        return self._compare(np.not_equal, other)

    def __lt__(self, other: Any) -> Any:
        return self._compare(np.less, other)

    def __le__(self, other: Any) -> Any:
        return self._compare(np.less_equal, other)

    def __gt__(self, other: Any) -> Any:
        return self._compare(np.greater, other)

    def __ge__(self, other: Any) -> Any:
        return self._compare(np.greater_equal, other)

    # ------------------------------------------------------------ the rest

    def fill(self, value: Any, stream: Any = None) -> GPUArray:
        """Every element gets the value."""
        self._require_contiguous()
        store(self, value)
        return self

    def astype(self, dtype: DTypeLike, stream: Any = None) -> GPUArray:
        """Converted as C does it."""
        self._require_contiguous()
        return self.copy() if np.dtype(dtype) == self.dtype else self._filled(elements(self), dtype)

    def reverse(self, stream: Any = None) -> GPUArray:
        """The elements in the opposite order, as they lie in memory."""
        self._require_contiguous()
        order: Any = "C" if self.flags.c_contiguous else "F"
        return self._filled(elements(self).ravel(order)[::-1].reshape(self.shape, order=order))

    @property
    def real(self) -> GPUArray:
        if self.dtype.kind != "c":
            return self
        return self._filled(elements(self).real, real_dtype(self.dtype))

    @property
    def imag(self) -> GPUArray:
        if self.dtype.kind != "c":
            return self._filled(0)
        return self._filled(elements(self).imag, real_dtype(self.dtype))

    def conj(self, out: GPUArray | None = None) -> GPUArray:
        """Complex conjugates."""
        if self.dtype.kind != "c":
            return self
        self._require_contiguous()
        return self._filled(elements(self).conj(), None, out)

    conjugate = conj

    def any(self, stream: Any = None, allocator: Allocator | None = None) -> GPUArray:
        """Whether one is not zero: an array of no dimension."""
        return self.reduced(elements(self).any(), np.bool_, allocator)

    def all(self, stream: Any = None, allocator: Allocator | None = None) -> GPUArray:
        """Whether none is zero: an array of no dimension."""
        return self.reduced(elements(self).all(), np.bool_, allocator)

    def reduced(self, value: Any, dtype: DTypeLike, allocator: Allocator | None = None) -> GPUArray:
        """An array of no dimension with the value."""
        result = GPUArray((), dtype, allocator or self.allocator)
        store(result, value)
        return result

    def bind_to_texref(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LogicError("textures are not available on the CPU")

    bind_to_texref_ext = bind_to_texref


def _from_host(array: NDArray[Any]) -> GPUArray:
    new = GPUArray(array.shape, array.dtype, strides=strides_in_order_of(array.shape, array.strides, array.itemsize))
    new.set(array)
    return new


def values_of(array: Any) -> NDArray[Any]:
    """The elements of an array on the device or on the host."""
    return elements(array) if isinstance(array, GPUArray) else np.asarray(array)


def _converted(operand: Any, dtype: np.dtype[Any]) -> Any:
    return elements(operand).astype(dtype) if isinstance(operand, GPUArray) else operand


def _swapped(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: function(other, one)


def _divide(one: Any, other: Any) -> Any:
    """Whole numbers as in C: without remainder, towards zero."""
    quotient = np.true_divide(one, other)
    whole = np.result_type(one, other).kind in "iub"
    return _divide_whole(one, other) if whole else quotient


def _divide_whole(one: Any, other: Any) -> Any:
    quotient = np.floor_divide(one, other)
    return quotient + ((quotient < 0) & (quotient * other != one))


def _power(base: Any, exponent: Any) -> Any:
    if np.result_type(base, exponent).kind in "iub":
        return np.power(np.asarray(base, np.float64), exponent)
    return np.power(base, exponent)
