"""Copies between host and device, and fills, as the driver offers them. All is done at once, on whatever stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._errors import LogicError
from ._host import readable, writable
from ._memory import (
    DeviceAllocation,
    address_of,
    copy_in,
    copy_out,
    copy_within,
    fill_memory,
    mem_alloc,
)


def memcpy_htod(dest: Any, src: Any) -> None:
    """All bytes of the host's buffer `src`, to the device."""
    source = readable(src)
    copy_in("cuMemcpyHtoD", address_of(dest), source.ctypes.data, source.nbytes)


def memcpy_htod_async(dest: Any, src: Any, stream: Any = None) -> None:
    memcpy_htod(dest, src)


def memcpy_dtoh(dest: Any, src: Any) -> None:
    """As many bytes as the host's buffer `dest` has, from the device."""
    target = writable(dest)
    copy_out("cuMemcpyDtoH", target.ctypes.data, address_of(src), target.nbytes)


def memcpy_dtoh_async(dest: Any, src: Any, stream: Any = None) -> None:
    memcpy_dtoh(dest, src)


def memcpy_dtod(dest: Any, src: Any, size: int) -> None:
    """So many bytes within the device."""
    copy_within("cuMemcpyDtoD", address_of(dest), address_of(src), size)


def memcpy_dtod_async(dest: Any, src: Any, size: int, stream: Any = None) -> None:
    memcpy_dtod(dest, src, size)


def memcpy_peer(dest: Any, src: Any, size: int, dest_context: Any = None, src_context: Any = None) -> None:
    """There is one device only, so it is a copy within."""
    memcpy_dtod(dest, src, size)


def memcpy_peer_async(
    dest: Any, src: Any, size: int, dest_context: Any = None, src_context: Any = None, stream: Any = None
) -> None:
    memcpy_dtod(dest, src, size)


def to_device(buffer: Any) -> DeviceAllocation:
    """New device memory with the buffer's bytes, as C would order them."""
    held = memoryview(buffer).tobytes()
    memory = mem_alloc(len(held))
    memcpy_htod(memory, held)
    return memory


def from_device(devptr: Any, shape: Any, dtype: DTypeLike, order: Literal["C", "F"] = "C") -> NDArray[Any]:
    """A new array with what is at the address."""
    array = np.empty(shape, dtype, order)
    memcpy_dtoh(array, devptr)
    return array


def from_device_like(devptr: Any, other_ary: NDArray[Any]) -> NDArray[Any]:
    """A new array like the other one, with what is at the address."""
    array = np.empty_like(other_ary)
    memcpy_dtoh(array, devptr)
    return array


# ---------------------------------------------------------------- fills


def _pattern(data: int, size: int) -> bytes:
    return (int(data) % (1 << 8 * size)).to_bytes(size, "little")


def memset_d8(dest: Any, data: int, count: int) -> None:
    """`count` bytes."""
    fill_memory("cuMemsetD8", address_of(dest), _pattern(data, 1), count)


def memset_d16(dest: Any, data: int, count: int) -> None:
    """`count` times two bytes."""
    fill_memory("cuMemsetD16", address_of(dest), _pattern(data, 2), count)


def memset_d32(dest: Any, data: int, count: int) -> None:
    """`count` times four bytes."""
    fill_memory("cuMemsetD32", address_of(dest), _pattern(data, 4), count)


def memset_d8_async(dest: Any, data: int, count: int, stream: Any = None) -> None:
    memset_d8(dest, data, count)


def memset_d16_async(dest: Any, data: int, count: int, stream: Any = None) -> None:
    memset_d16(dest, data, count)


def memset_d32_async(dest: Any, data: int, count: int, stream: Any = None) -> None:
    memset_d32(dest, data, count)


def _fill_rows(call: str, dest: Any, pitch: int, pattern: bytes, width: int, height: int) -> None:
    for row in range(height):
        fill_memory(call, address_of(dest) + row * pitch, pattern, width)


def memset_d2d8(dest: Any, pitch: int, data: int, width: int, height: int) -> None:
    """Rows of `width` bytes; `pitch` bytes from one row's begin to the next's."""
    _fill_rows("cuMemsetD2D8", dest, pitch, _pattern(data, 1), width, height)


def memset_d2d16(dest: Any, pitch: int, data: int, width: int, height: int) -> None:
    """Rows of `width` times two bytes; `pitch` in bytes."""
    _fill_rows("cuMemsetD2D16", dest, pitch, _pattern(data, 2), width, height)


def memset_d2d32(dest: Any, pitch: int, data: int, width: int, height: int) -> None:
    """Rows of `width` times four bytes; `pitch` in bytes."""
    _fill_rows("cuMemsetD2D32", dest, pitch, _pattern(data, 4), width, height)


def memset_d2d8_async(dest: Any, pitch: int, data: int, width: int, height: int, stream: Any = None) -> None:
    memset_d2d8(dest, pitch, data, width, height)


def memset_d2d16_async(dest: Any, pitch: int, data: int, width: int, height: int, stream: Any = None) -> None:
    memset_d2d16(dest, pitch, data, width, height)


def memset_d2d32_async(dest: Any, pitch: int, data: int, width: int, height: int, stream: Any = None) -> None:
    memset_d2d32(dest, pitch, data, width, height)


# ---------------------------------------------------------------- rectangles and boxes


@dataclass
class _Side:
    """Where a box is copied from or to: an address, and how much host memory is there (None: it is the device's)."""

    address: int
    host_bytes: int | None
    held: Any


class Memcpy3D:
    """A copy of `depth` slices of `height` rows of `width_in_bytes`; call it when all attributes are set.

    A pitch is the distance of rows, in bytes; slices are `src_height` and `dst_height` rows apart. 0 stands for what
    lies side by side.
    """

    def __init__(self) -> None:
        self.src_x_in_bytes = self.src_y = self.src_z = self.src_lod = self.src_pitch = self.src_height = 0
        self.dst_x_in_bytes = self.dst_y = self.dst_z = self.dst_lod = self.dst_pitch = self.dst_height = 0
        self.width_in_bytes, self.height, self.depth = 0, 1, 1
        self._source: _Side | None = None
        self._target: _Side | None = None

    def set_src_host(self, buffer: Any) -> None:
        array = readable(buffer)
        self._source = _Side(array.ctypes.data, array.nbytes, array)

    def set_dst_host(self, buffer: Any) -> None:
        array = writable(buffer)
        self._target = _Side(array.ctypes.data, array.nbytes, array)

    def set_src_device(self, pointer: Any) -> None:
        self._source = _Side(address_of(pointer), None, pointer)

    def set_dst_device(self, pointer: Any) -> None:
        self._target = _Side(address_of(pointer), None, pointer)

    def set_src_array(self, array: Any) -> None:
        raise LogicError("arrays for textures are not available on the CPU")

    set_dst_array = set_src_array
    set_src_unified, set_dst_unified = set_src_host, set_dst_host

    def __call__(self, *how: Any, aligned: bool = True) -> None:
        """Copies. Neither a stream nor alignment makes a difference."""
        if self._source is None or self._target is None:
            raise LogicError("cuMemcpy3D failed: invalid argument: source and target are to be set first")
        for slice_ in range(self.depth):
            for row in range(self.height):
                self._copy_row(self._source, self._target, row, slice_)

    def _copy_row(self, source: _Side, target: _Side, row: int, slice_: int) -> None:
        begin = _offset(
            (self.src_x_in_bytes, self.src_y + row, self.src_z + slice_),
            self.src_pitch or self.width_in_bytes,
            self.src_height or self.height,
        )
        end = _offset(
            (self.dst_x_in_bytes, self.dst_y + row, self.dst_z + slice_),
            self.dst_pitch or self.width_in_bytes,
            self.dst_height or self.height,
        )
        for side, offset in ((source, begin), (target, end)):
            if side.host_bytes is not None and offset + self.width_in_bytes > side.host_bytes:
                raise LogicError("cuMemcpy3D failed: invalid argument: a row lies outside of the host's buffer")
        copy = {(True, False): copy_in, (False, True): copy_out, (False, False): copy_within}.get(
            (source.host_bytes is not None, target.host_bytes is not None)
        )
        if copy is None:
            raise LogicError("cuMemcpy3D failed: invalid argument: neither side is the device's")
        copy("cuMemcpy3D", target.address + end, source.address + begin, self.width_in_bytes)


def _offset(place: tuple[int, int, int], pitch: int, height: int) -> int:
    x, y, z = place
    return x + (z * height + y) * pitch


class Memcpy2D(Memcpy3D):
    """A copy of `height` rows of `width_in_bytes`; call it when all attributes are set."""


class Memcpy3DPeer(Memcpy3D):
    """There is one device only, so it is a copy within."""
