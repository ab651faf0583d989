"""The elements of arrays in device memory, as numpy sees them: addresses of the device are addresses of the host."""

from __future__ import annotations

import ctypes
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ._layout import extent
from ._memory import check_room, copy_within


class Stored(Protocol):
    """What has elements in device memory."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: np.dtype[Any]
    size: int

    @property
    def ptr(self) -> int: ...


def elements(array: Stored) -> NDArray[Any]:
    """The elements themselves, to be read. Raises LogicError if they are not all in one allocation."""
    if not array.size:
        return np.empty(array.shape, array.dtype)
    low, high = extent(array.shape, array.strides, array.dtype.itemsize)
    check_room("cuMemcpyDtoH", array.ptr + low, high - low)
    memory: Any = (ctypes.c_char * (high - low)).from_address(array.ptr + low)
    memory.owner = array  # as long as anyone looks at it, it is not freed
    return np.ndarray(array.shape, array.dtype, memory, -low, array.strides)


def store(array: Stored, values: Any) -> None:
    """Writes values, converted as C would do it."""
    if not array.size:
        return
    with np.errstate(all="ignore"):
        elements(array)[...] = values
    low, high = extent(array.shape, array.strides, array.dtype.itemsize)
    # A copy onto itself tells the engine that these bytes are written.
    copy_within("cuMemcpyHtoD", array.ptr + low, array.ptr + low, high - low)
