"""Helpers: contexts, memory pools, occupancy, and C's names of types."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Callable, Iterator
from math import ceil
from typing import Any, ParamSpec, TypeVar

from ._context import Context, Device, init
from ._enums import device_attribute
from ._pools import DeviceMemoryPool, PageLockedAllocator, PageLockedMemoryPool, PooledDeviceAllocation, bitlog2
from ._types import (
    Argument,
    ScalarArg,
    VectorArg,
    dtype_to_ctype,
    get_or_register_dtype,
    parse_c_arg,
    register_dtype,
)

__all__ = [
    "Argument",
    "DeviceData",
    "DeviceMemoryPool",
    "OccupancyRecord",
    "PageLockedAllocator",
    "PageLockedMemoryPool",
    "PooledDeviceAllocation",
    "ScalarArg",
    "VectorArg",
    "bitlog2",
    "clear_context_caches",
    "context_dependent_memoize",
    "dtype_to_ctype",
    "get_arg_type",
    "get_or_register_dtype",
    "init_cuda_context_fixture",
    "make_default_context",
    "mark_cuda_test",
    "parse_c_arg",
    "register_dtype",
]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def get_arg_type(declaration: str) -> str:
    """Of an argument as C declares it, the letter for Function.prepare."""
    return parse_c_arg(declaration).struct_char


# ---------------------------------------------------------------- contexts


def make_default_context(ctx_maker: Callable[[Device], Context] | None = None) -> Context:
    """On the device that $CUDA_DEVICE names, else the first one. Raises LogicError if there is no such device."""
    chosen = Device(int(os.environ.get("CUDA_DEVICE") or 0))
    return ctx_maker(chosen) if ctx_maker else chosen.make_context()


_caches: list[dict[Any, Any]] = []


def context_dependent_memoize(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """What the function returned is kept for each context and each arguments."""
    known: dict[Any, _R] = {}
    _caches.append(known)

    @functools.wraps(function)
    def remembering(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        key = Context.get_current(), args, frozenset(kwargs.items())
        if key not in known:
            known[key] = function(*args, **kwargs)
        return known[key]

    return remembering


def clear_context_caches() -> None:
    """Forgets all that `context_dependent_memoize` keeps."""
    for known in _caches:
        known.clear()


def init_cuda_context_fixture() -> Iterator[None]:
    """A context for the time of a test; for `yield from` in a fixture of pytest."""
    init()
    context = make_default_context()
    try:
        yield
    finally:
        gc.collect()
        context.pop()
        clear_context_caches()


def mark_cuda_test(test: Callable[..., None]) -> Callable[..., None]:
    """The test gets a context of its own."""

    @functools.wraps(test)
    def in_context(*args: Any, **kwargs: Any) -> None:
        with_context = init_cuda_context_fixture()
        next(with_context)
        try:
            test(*args, **kwargs)
        finally:
            next(with_context, None)

    return in_context


# ---------------------------------------------------------------- occupancy


def _round_up(value: float, unit: int = 1) -> int:
    return ceil(value / unit) * unit


class DeviceData:
    """What a multiprocessor of a device can hold. Memory in bytes."""

    def __init__(self, dev: Device | None = None) -> None:
        device = dev or Context.get_device()
        self.max_threads = device.get_attribute(device_attribute.MAX_THREADS_PER_BLOCK)
        self.warp_size = device.get_attribute(device_attribute.WARP_SIZE)
        self.warps_per_mp = device.get_attribute(device_attribute.MAX_THREADS_PER_MULTIPROCESSOR) // self.warp_size
        self.thread_blocks_per_mp = device.get_attribute(device_attribute.MAX_BLOCKS_PER_MULTIPROCESSOR)
        self.registers = device.get_attribute(device_attribute.MAX_REGISTERS_PER_BLOCK)
        self.shared_memory = device.get_attribute(device_attribute.MAX_SHARED_MEMORY_PER_BLOCK)
        self.smem_alloc_granularity = 128
        self.smem_granularity = 32
        self.register_allocation_unit = "warp"

    def align_bytes(self, word_size: int = 4) -> int:
        """What accesses of such words are best aligned to, in bytes."""
        try:
            return {4: 64, 8: 128, 16: 128}[word_size]
        except KeyError:
            raise ValueError(f"words are of 4, 8 or 16 bytes, not {word_size}") from None

    def align(self, bytes: int, word_size: int = 4) -> int:
        return _round_up(bytes, self.align_bytes(word_size))

    def align_words(self, word_size: int) -> int:
        return self.align_bytes(word_size) // word_size

    def align_dtype(self, elements: int, dtype_size: int) -> int:
        return _round_up(elements, self.align_words(dtype_size))

    def coalesce(self, thread_count: int) -> int:
        return _round_up(thread_count, 16)

    @staticmethod
    def make_valid_tex_channel_count(size: int) -> int:
        for channels in (1, 2, 4):
            if size <= channels:
                return channels
        raise ValueError(f"a texture has up to 4 channels, not {size}")


class OccupancyRecord:
    """How many blocks a multiprocessor can hold (`tb_per_mp`), what limits that, and which part of its warps that is.

    Raises ValueError for blocks that it cannot hold at all.
    """

    def __init__(self, devdata: DeviceData, threads: int, shared_mem: int = 0, registers: int = 0) -> None:
        if threads > devdata.max_threads:
            raise ValueError(f"{threads} threads are more than {devdata.max_threads} in a block")
        warps = _round_up(threads / devdata.warp_size)
        memory = _round_up(shared_mem, devdata.smem_alloc_granularity)
        all_registers = warps * devdata.warp_size * registers
        if all_registers > devdata.registers:
            raise ValueError(f"{all_registers} registers are more than {devdata.registers}")
        if memory > devdata.shared_memory:
            raise ValueError(f"{memory} bytes of shared memory are more than {devdata.shared_memory}")
        limits = [(devdata.thread_blocks_per_mp, "device"), (devdata.warps_per_mp // warps, "warps")]
        limits += [(devdata.registers // all_registers, "regs")] if registers else []
        limits += [(devdata.shared_memory // memory, "smem")] if shared_mem else []
        self.tb_per_mp_limits = limits
        self.tb_per_mp, self.limited_by = min(limits)
        self.warps_per_mp = self.tb_per_mp * warps
        self.occupancy = self.warps_per_mp / devdata.warps_per_mp
