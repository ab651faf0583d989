"""How elements of an array lie in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from ._context import Context, Device
from ._host import compact_strides
from .tools import DeviceData

_MOST_THREADS = 128


class Flags:
    """Which orders an array's elements have: `c_contiguous`, `f_contiguous`, or one of both: `forc`."""

    def __init__(self, shape: tuple[int, ...], strides: tuple[int, ...], item: int) -> None:
        self.c_contiguous = _is_compact(shape, strides, item, "C")
        self.f_contiguous = _is_compact(shape, strides, item, "F")
        self.forc = self.c_contiguous or self.f_contiguous

    def __repr__(self) -> str:
        return f"  C_CONTIGUOUS : {self.c_contiguous}\n  F_CONTIGUOUS : {self.f_contiguous}"


def _is_compact(shape: tuple[int, ...], strides: tuple[int, ...], item: int, order: str) -> bool:
    """Strides of axes with one element are of no account."""
    expected = compact_strides(shape, item, order)
    return 0 in shape or all(n == 1 or a == b for n, a, b in zip(shape, strides, expected, strict=True))


def strides_in_order_of(shape: tuple[int, ...], strides: tuple[int, ...], item: int) -> tuple[int, ...]:
    """Without gaps, the axes in the same order as with these strides."""
    axes = sorted(range(len(shape)), key=lambda axis: (abs(strides[axis]), -axis))
    packed, stride = [0] * len(shape), item
    for axis in axes:
        packed[axis] = stride
        stride *= shape[axis]
    return tuple(packed)


def extent(shape: tuple[int, ...], strides: tuple[int, ...], item: int) -> tuple[int, int]:
    """The first and one behind the last byte, counted from the first element."""
    if 0 in shape:
        return 0, 0
    reach = [stride * (n - 1) for n, stride in zip(shape, strides, strict=True)]
    return sum(min(bytes_, 0) for bytes_ in reach), sum(max(bytes_, 0) for bytes_ in reach) + item


def common_dtype(one: Any, other: Any) -> np.dtype[Any]:
    """Of what numpy would make of both, which may be arrays or numbers."""
    first = np.zeros(1, one.dtype)
    second = np.zeros(1, other.dtype) if hasattr(other, "dtype") else other
    with np.errstate(all="ignore"):
        return np.dtype((first + second).dtype)


def real_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Of the parts of a complex number."""
    return np.empty(0, dtype).real.dtype


def splay(n: int, dev: Device | None = None) -> tuple[tuple[int, int], tuple[int, int, int]]:
    """A grid and a block for kernels whose threads take one of n elements after the other."""
    device = dev or Context.get_device()
    data = DeviceData(device)
    most_blocks = 4 * data.thread_blocks_per_mp * device.multiprocessor_count
    blocks = min(max(-(-n // data.warp_size), 1), most_blocks)
    warps = -(-n // (blocks * data.warp_size))
    return (blocks, 1), (min(max(warps, 1) * data.warp_size, _MOST_THREADS), 1, 1)
