"""Memory pools: what is freed stays with the pool, for the next who asks for about as much."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._enums import host_alloc_flags
from ._errors import MemoryError
from ._host import pagelocked_empty
from ._memory import DeviceAllocation, PointerHolderBase, mem_alloc

_FRACTION_BITS = 2  # sizes are powers of two, and a quarter, a half and three quarters of the way to the next


def bitlog2(number: int) -> int:
    """The greatest power of two in it."""
    return number.bit_length() - 1


class DeviceMemoryPool:
    """Device memory by sizes."""

    def __init__(self) -> None:
        self._held: dict[int, list[DeviceAllocation]] = {}
        self._holds = True
        self.active_blocks = self.active_bytes = self.managed_bytes = 0

    @property
    def held_blocks(self) -> int:
        return sum(map(len, self._held.values()))

    def bin_number(self, size: int) -> int:
        """Which of the sizes so many bytes are rounded up to."""
        size = max(size, 1 << _FRACTION_BITS)
        exponent = bitlog2(size)
        step = 1 << exponent - _FRACTION_BITS
        return (exponent << _FRACTION_BITS) + -(-size // step) - (1 << _FRACTION_BITS)

    def alloc_size(self, bin_number: int) -> int:
        """The size, in bytes."""
        exponent, fraction = bin_number >> _FRACTION_BITS, bin_number & (1 << _FRACTION_BITS) - 1
        return ((1 << _FRACTION_BITS) + fraction) << exponent - _FRACTION_BITS

    def allocate(self, size: int) -> PooledDeviceAllocation:
        """Raises MemoryError, after all that is held was given back."""
        number = self.bin_number(size)
        held = self._held.get(number)
        memory = held.pop() if held else self._new(self.alloc_size(number))
        self.active_blocks += 1
        self.active_bytes += self.alloc_size(number)
        return PooledDeviceAllocation(self, memory, number)

    def _new(self, size: int) -> DeviceAllocation:
        try:
            memory = mem_alloc(size)
        except MemoryError:
            self.free_held()
            memory = mem_alloc(size)
        self.managed_bytes += size
        return memory

    def take_back(self, memory: DeviceAllocation, number: int) -> None:
        """What an allocation says when it is freed."""
        self.active_blocks -= 1
        self.active_bytes -= self.alloc_size(number)
        if self._holds:
            self._held.setdefault(number, []).append(memory)
        else:
            self.managed_bytes -= self.alloc_size(number)
            memory.free()

    def free_held(self) -> None:
        """Gives back what nobody uses."""
        for number, memories in self._held.items():
            self.managed_bytes -= self.alloc_size(number) * len(memories)
            for memory in memories:
                memory.free()
        self._held.clear()

    def stop_holding(self) -> None:
        """From now on what is freed is given back at once."""
        self._holds = False
        self.free_held()


class PooledDeviceAllocation(PointerHolderBase):
    """Memory that goes back to its pool with the last reference or by `free`."""

    def __init__(self, pool: DeviceMemoryPool, memory: DeviceAllocation, number: int) -> None:
        self._pool, self._memory, self._number = pool, memory, number
        self._live = True

    def get_pointer(self) -> int:
        return int(self._memory)

    def __len__(self) -> int:
        """In bytes."""
        return self._pool.alloc_size(self._number)

    def free(self) -> None:
        """Gives the memory back to the pool."""
        if self._live:
            self._live = False
            self._pool.take_back(self._memory, self._number)

    def __del__(self) -> None:
        self.free()


class PageLockedMemoryPool:
    """Page-locked arrays; the host's own allocator is the pool."""

    active_blocks = held_blocks = 0

    def __init__(self, flags: int = 0) -> None:
        self._flags = flags & ~host_alloc_flags.DEVICEMAP

    def allocate(self, shape: Any, dtype: DTypeLike = np.uint8, order: Literal["C", "F"] = "C") -> NDArray[Any]:
        return pagelocked_empty(shape, dtype, order, self._flags)

    def free_held(self) -> None:
        """There is nothing held."""

    def stop_holding(self) -> None:
        """There is nothing held."""


PageLockedAllocator = PageLockedMemoryPool
