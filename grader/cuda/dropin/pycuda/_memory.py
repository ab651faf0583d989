"""Device memory: allocations, and the elementary copies and fills, which stay within them."""

from __future__ import annotations

import builtins
import ctypes
from dataclasses import dataclass
from operator import index
from typing import Any, SupportsIndex

from . import _device
from ._context import TOTAL_MEMORY, current_engine
from ._errors import LogicError, MemoryError

_PITCH = 512  # bytes that rows of pitched memory are a multiple of


@dataclass
class _Account:
    """How much is allocated, and what variables of modules there are."""

    used: int
    variables: dict[int, int]  # size in bytes, by address


_account = _Account(0, {})


class PointerHolderBase:
    """Base of whatever else has an address in device memory: `get_pointer` tells it."""

    def get_pointer(self) -> int:
        raise NotImplementedError("a class derived from PointerHolderBase tells its address by get_pointer")

    def __int__(self) -> int:
        return int(self.get_pointer())

    def __index__(self) -> int:
        return int(self.get_pointer())

    def as_buffer(self, size: int, offset: int = 0) -> memoryview:
        """So many bytes of the memory itself, writable."""
        return memoryview((ctypes.c_char * size).from_address(int(self) + offset))


class DeviceAllocation(PointerHolderBase):
    """Memory of the device, freed with the last reference or by `free`."""

    def __init__(self, address: int, size: int) -> None:
        self._address, self._size, self._live = address, size, True
        self._engine = _device.engine()
        _account.used += size

    def get_pointer(self) -> int:
        return self._address

    def free(self) -> None:
        """Gives the memory back. Raises LogicError the second time."""
        if not self._live:
            raise LogicError("cuMemFree failed: invalid argument: this memory was freed before")
        self._live = False
        _account.used -= self._size
        with _device.lock:
            self._engine.free(self._address)

    def __del__(self) -> None:
        if getattr(self, "_live", False):
            self.free()

    def __hash__(self) -> int:
        return hash(self._address)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PointerHolderBase) and int(self) == int(other)


def mem_alloc(size: SupportsIndex) -> DeviceAllocation:
    """So many bytes, with nothing written in them. Raises MemoryError, and LogicError for none."""
    return DeviceAllocation(*new_memory("cuMemAlloc", size))


def new_memory(call: str, size: SupportsIndex) -> tuple[int, int]:
    """Address and size of memory that nobody owns yet. Raises MemoryError, and LogicError for none."""
    engine, bytes_ = current_engine(call), index(size)
    if bytes_ <= 0:
        raise LogicError(f"{call} failed: invalid argument: {bytes_} bytes cannot be allocated")
    try:
        if _account.used + bytes_ > TOTAL_MEMORY:
            raise builtins.MemoryError(f"{bytes_} bytes more than the device has")
        with _device.lock:
            return engine.allocate(bytes_), bytes_
    except builtins.MemoryError:
        free, total = mem_get_info()
        raise MemoryError(f"{call} failed: out of memory: {bytes_} bytes wanted, {free} of {total} free") from None


def mem_alloc_like(array: Any) -> DeviceAllocation:
    """As many bytes as the array has."""
    return mem_alloc(array.nbytes)


def mem_alloc_pitch(width: int, height: int, access_size: int = 4) -> tuple[DeviceAllocation, int]:
    """Room for rows of `width` bytes, and from one row's begin to the next's: the pitch, in bytes."""
    if access_size not in (4, 8, 16):
        raise LogicError("cuMemAllocPitch failed: invalid argument: the access size is 4, 8 or 16 bytes")
    pitch = -(-width // _PITCH) * _PITCH
    return mem_alloc(pitch * height), pitch


def mem_get_info() -> tuple[int, int]:
    """Free and total memory, in bytes."""
    current_engine("cuMemGetInfo")
    return TOTAL_MEMORY - _account.used, TOTAL_MEMORY


def mem_get_address_range(pointer: Any) -> tuple[int, int]:
    """Begin and size of the allocation that the address is in."""
    address = address_of(pointer)
    size, offset = _place("cuMemGetAddressRange", address)
    return address - offset, size


def add_variable(address: int, size: int) -> None:
    """A variable of a module, which copies can go to and come from."""
    _account.variables[address] = size


def address_of(pointer: Any) -> int:
    """Raises TypeError for what is no device address."""
    if hasattr(pointer, "gpudata"):
        raise TypeError("a GPUArray is no device address; its memory is its attribute `gpudata`")
    try:
        return index(pointer)
    except TypeError:
        raise TypeError(f"a device address is needed, not {type(pointer).__name__}") from None


def _place(call: str, address: int) -> tuple[int, int]:
    """Size of the buffer or variable that is at the address, and how far in it is. Raises LogicError."""
    found = current_engine(call).about(address)
    if found is None:
        inside = (
            (size, address - begin) for begin, size in _account.variables.items() if begin <= address < begin + size
        )
        found = next(inside, None)
    if found is None:
        raise LogicError(f"{call} failed: invalid argument: there is no device memory at address {address:#x}")
    return found


def check_room(call: str, address: int, size: int) -> None:
    """Raises LogicError unless so many bytes of device memory are there."""
    if size:
        whole, offset = _place(call, address)
        if offset + size > whole:
            raise LogicError(
                f"{call} failed: invalid argument: {size} bytes at offset {offset} do not fit into "
                f"device memory of {whole} bytes"
            )


def copy_in(call: str, to: int, source: int, size: int) -> None:
    """From the host to the device."""
    check_room(call, to, size)
    with _device.lock:
        current_engine(call).copy(to, source, size)


def copy_out(call: str, to: int, source: int, size: int) -> None:
    """From the device to the host."""
    check_room(call, source, size)
    with _device.lock:
        current_engine(call).copy(to, source, size)


def copy_within(call: str, to: int, source: int, size: int) -> None:
    """From the device to the device."""
    check_room(call, to, size)
    check_room(call, source, size)
    with _device.lock:
        current_engine(call).copy(to, source, size)


def fill_memory(call: str, to: int, pattern: bytes, count: int) -> None:
    """The pattern so many times."""
    check_room(call, to, len(pattern) * count)
    with _device.lock:
        current_engine(call).fill(to, pattern, count)
