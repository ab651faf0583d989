"""Memory of the host: buffers to copy from and to, page-locked and aligned arrays, and managed memory."""

from __future__ import annotations

import ctypes
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._context import current_engine
from ._enums import host_alloc_flags
from ._errors import LogicError
from ._memory import DeviceAllocation, fill_memory, new_memory

Order = Literal["C", "F"]
Shape = int | tuple[int, ...]


def readable(buffer: Any) -> NDArray[Any]:
    """The bytes of whatever holds some, side by side. ValueError if they are not, TypeError if it holds none."""
    if isinstance(buffer, np.ndarray):
        if not (buffer.flags.c_contiguous or buffer.flags.f_contiguous):
            raise ValueError("the host array is not contiguous: copy it first, as with numpy.ascontiguousarray")
        return buffer
    if memoryview(buffer).nbytes == 0:
        return np.empty(0, np.uint8)
    return np.frombuffer(buffer, np.uint8)


def writable(buffer: Any) -> NDArray[Any]:
    """As `readable`, for what is to be written to. Raises ValueError if it is read-only."""
    array = readable(buffer)
    if array.nbytes and not array.flags.writeable:
        raise ValueError("the host buffer is read-only: nothing can be copied to it")
    return array


class HostAllocation:
    """Page-locked memory: the `base` of arrays made of it."""

    def __init__(self, shape: Shape, dtype: DTypeLike, order: Order, mapped: bool) -> None:
        kind, shape = np.dtype(dtype), as_shape(shape)
        size = max(prod(shape) * kind.itemsize, 1)
        self._device = mapped_memory("cuMemHostAlloc", size) if mapped else None  # else kernels cannot see it
        self._bytes = ctypes.create_string_buffer(0 if mapped else size)
        address = int(self._device) if self._device else ctypes.addressof(self._bytes)
        self.__array_interface__ = array_interface(address, shape, kind, order)

    def get_flags(self) -> int:
        return int(host_alloc_flags.DEVICEMAP) if self._device else 0

    def get_device_pointer(self) -> int:
        """Where kernels find it. Raises LogicError unless it was made with the flag DEVICEMAP."""
        if self._device is None:
            raise LogicError("cuMemHostGetDevicePointer failed: this memory was not made with DEVICEMAP")
        return int(self._device)

    def free(self) -> None:
        """Nothing to do: it lives as long as the array."""


class ManagedAllocation(DeviceAllocation):
    """Memory that host and device share: the `base` of arrays made of it, which can be passed to kernels."""

    def __init__(self, shape: Shape, dtype: DTypeLike, order: Order) -> None:
        kind, shape = np.dtype(dtype), as_shape(shape)
        super().__init__(*new_memory("cuMemAllocManaged", max(prod(shape) * kind.itemsize, 1)))
        # What the host writes to it later passes unseen, so all of it counts as written.
        fill_memory("cuMemAllocManaged", int(self), b"\0", self._size)
        self.__array_interface__ = array_interface(int(self), shape, kind, order)

    def get_device_pointer(self) -> int:
        return int(self)

    def attach(self, flags: int, stream: Any = None) -> None:
        """Makes no difference here."""


def mapped_memory(call: str, size: int) -> DeviceAllocation:
    """Memory of the device that the host writes to unseen, so that all of it counts as written."""
    memory = DeviceAllocation(*new_memory(call, size))
    fill_memory(call, int(memory), b"\0", size)
    return memory


def as_shape(shape: Any) -> tuple[int, ...]:
    """As a tuple of Python's numbers."""
    return tuple(int(n) for n in np.asarray(shape, np.int64).reshape(-1))


def array_interface(address: int, shape: tuple[int, ...], dtype: np.dtype[Any], order: Order) -> dict[str, Any]:
    """How numpy is told of memory."""
    return {
        "version": 3,
        "data": (address, False),
        "shape": shape,
        "strides": compact_strides(shape, dtype.itemsize, order),
        "typestr": dtype.str,
        "descr": dtype.descr if dtype.fields else [("", dtype.str)],
    }


def compact_strides(shape: tuple[int, ...], item: int, order: str) -> tuple[int, ...]:
    """In bytes, for elements side by side, the first index fastest for order F and the last for C."""
    sizes = shape if order == "F" else shape[::-1]
    strides = [item * prod(sizes[:n]) for n in range(len(sizes))]
    return tuple(strides if order == "F" else strides[::-1])


def _order_of(array: NDArray[Any]) -> Order:
    if array.flags.c_contiguous:
        return "C"
    if array.flags.f_contiguous:
        return "F"
    raise ValueError("the array is neither C- nor F-contiguous")


def pagelocked_empty(shape: Shape, dtype: DTypeLike, order: Order = "C", mem_flags: int = 0) -> NDArray[Any]:
    """Its `base` is a HostAllocation."""
    current_engine("cuMemHostAlloc")
    return np.asarray(HostAllocation(shape, dtype, order, bool(mem_flags & host_alloc_flags.DEVICEMAP)))


def pagelocked_zeros(shape: Shape, dtype: DTypeLike, order: Order = "C", mem_flags: int = 0) -> NDArray[Any]:
    array = pagelocked_empty(shape, dtype, order, mem_flags)
    array.fill(0)
    return array


def pagelocked_empty_like(array: NDArray[Any], mem_flags: int = 0) -> NDArray[Any]:
    return pagelocked_empty(array.shape, array.dtype, _order_of(array), mem_flags)


def pagelocked_zeros_like(array: NDArray[Any], mem_flags: int = 0) -> NDArray[Any]:
    return pagelocked_zeros(array.shape, array.dtype, _order_of(array), mem_flags)


def aligned_empty(shape: Shape, dtype: DTypeLike, order: Order = "C", alignment: int = 4096) -> NDArray[Any]:
    """Begins at a multiple of `alignment` bytes."""
    kind, shape = np.dtype(dtype), as_shape(shape)
    room = np.empty(prod(shape) * kind.itemsize + alignment, np.uint8)
    begin = -room.ctypes.data % alignment
    return room[begin : begin + prod(shape) * kind.itemsize].view(kind).reshape(shape, order=order)


def aligned_zeros(shape: Shape, dtype: DTypeLike, order: Order = "C", alignment: int = 4096) -> NDArray[Any]:
    array = aligned_empty(shape, dtype, order, alignment)
    array.fill(0)
    return array


def aligned_empty_like(array: NDArray[Any], alignment: int = 4096) -> NDArray[Any]:
    return aligned_empty(array.shape, array.dtype, _order_of(array), alignment)


def aligned_zeros_like(array: NDArray[Any], alignment: int = 4096) -> NDArray[Any]:
    return aligned_zeros(array.shape, array.dtype, _order_of(array), alignment)


class RegisteredHostMemory:
    """Memory of an array that was page-locked after it was made: the `base` of what `register_host_memory` returns."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        self.__array_interface__ = array.__array_interface__

    def get_device_pointer(self) -> int:
        """Raises LogicError: kernels see memory of the device only."""
        raise LogicError("cuMemHostGetDevicePointer failed: memory that is registered later cannot be mapped here")

    def unregister(self) -> None:
        """It is memory like any other afterwards."""


def register_host_memory(array: NDArray[Any], flags: int = 0) -> NDArray[Any]:
    """The same memory, page-locked."""
    current_engine("cuMemHostRegister")
    return np.asarray(RegisteredHostMemory(array))


def managed_empty(shape: Shape, dtype: DTypeLike, order: Order = "C", mem_flags: int = 0) -> NDArray[Any]:
    """Host and kernels see the same memory. Its `base` is a ManagedAllocation."""
    return np.asarray(ManagedAllocation(shape, dtype, order))


def managed_zeros(shape: Shape, dtype: DTypeLike, order: Order = "C", mem_flags: int = 0) -> NDArray[Any]:
    return managed_empty(shape, dtype, order, mem_flags)


def managed_empty_like(array: NDArray[Any], mem_flags: int = 0) -> NDArray[Any]:
    return managed_empty(array.shape, array.dtype, _order_of(array), mem_flags)


def managed_zeros_like(array: NDArray[Any], mem_flags: int = 0) -> NDArray[Any]:
    return managed_empty_like(array, mem_flags)
