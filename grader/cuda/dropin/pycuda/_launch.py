"""Kernels, and how they are launched."""

from __future__ import annotations

import ctypes
import re
import struct
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from operator import index
from time import perf_counter
from typing import Any

import numpy as np

from . import _device
from ._arguments import ArgumentHandler, Value, check_fit, value_of
from ._context import DYNAMIC_SHARED_LIMIT, STATIC_SHARED_LIMIT, current_engine, end_current
from ._enums import func_cache, function_attribute, shared_config
from ._errors import LaunchError, LogicError
from ._memory import PointerHolderBase
from ._source import static_shared_bytes

_MOST_THREADS = 1024
_BLOCK_LIMITS = (1024, 1024, 64)
_GRID_LIMITS = (2**31 - 1, 65535, 65535)
_Extent = tuple[int, int, int]


class Function:
    """A kernel. `prints`: what it prints is to stand between what Python prints before and behind the launch."""

    def __init__(self, kernel: _device.Kernel, prints: bool) -> None:
        self._kernel, self._prints = kernel, prints
        names, count = list(kernel.module.kernels[kernel.name]), len(kernel.parameters)
        self._names = names if len(names) == count else [""] * count  # a macro can hide some from the source's reader
        self._formats: list[str] | None = None
        self._dynamic_limit = STATIC_SHARED_LIMIT

    # ------------------------------------------------------------ calls

    def __call__(
        self,
        *args: Any,
        grid: Sequence[int] = (1, 1),
        block: Sequence[int] | None = None,
        shared: int = 0,
        stream: Any = None,
        texrefs: Sequence[Any] = (),
        time_kernel: bool = False,
        **unknown: Any,
    ) -> float | None:
        """Runs the kernel to its end; the seconds that took, if `time_kernel`.

        Raises TypeError and LogicError for wrong arguments, LaunchError if the kernel comes to no good end.
        """
        if unknown:
            raise ValueError(f"unknown keyword arguments: {', '.join(unknown)}")
        if block is None:
            raise ValueError("the size of the block is missing: block=(x, y, z)")
        _block_of(block)
        values = [value_of(argument, n, name) for n, (argument, name) in enumerate(self._pair_up(args))]
        self._check(values)
        handlers = [argument for argument in args if isinstance(argument, ArgumentHandler)]
        for handler in handlers:
            handler.pre_call(stream)
        begin = perf_counter()
        self._launch(grid, block, values, shared)
        seconds = perf_counter() - begin
        for handler in handlers:
            handler.post_call(stream)
        return seconds if time_kernel else None

    def prepare(self, arg_types: str | Sequence[Any], texrefs: Sequence[Any] = ()) -> Function:
        """Tells the types of the arguments once: format letters of the module `struct`, or dtypes."""
        if isinstance(arg_types, str):
            self._formats = re.findall(r"\d*[a-zA-Z]", arg_types)
        else:
            self._formats = [_format_of(kind) for kind in arg_types]
        return self

    def prepared_call(self, grid: Sequence[int], block: Sequence[int], *args: Any, shared_size: int = 0) -> None:
        """A launch with arguments of the prepared types."""
        values = self._prepared(args)
        self._check(values)
        self._launch(grid, block, values, shared_size)

    def prepared_async_call(
        self, grid: Sequence[int], block: Sequence[int], stream: Any, *args: Any, shared_size: int = 0
    ) -> None:
        self.prepared_call(grid, block, *args, shared_size=shared_size)

    def prepared_timed_call(
        self, grid: Sequence[int], block: Sequence[int], *args: Any, shared_size: int = 0
    ) -> Callable[[], float]:
        """What is returned tells the seconds."""
        begin = perf_counter()
        self.prepared_call(grid, block, *args, shared_size=shared_size)
        seconds = perf_counter() - begin
        return lambda: seconds

    def _pair_up(self, args: Sequence[Any]) -> list[tuple[Any, str]]:
        """Each argument with its parameter's name. Raises LogicError if there are too few or too many."""
        if len(args) != len(self._names):
            named = f" ({', '.join(self._names)})" if any(self._names) else ""
            raise LogicError(
                f"cuLaunchKernel failed: invalid argument: the kernel {self._kernel.name} has "
                f"{len(self._names)} parameters{named}, and {len(args)} arguments were passed"
            )
        return list(zip(args, self._names, strict=True))

    def _prepared(self, args: Sequence[Any]) -> list[Value]:
        if self._formats is None:
            raise LogicError("the types of the arguments are to be told first, by prepare(...)")
        if len(args) != len(self._formats):
            raise struct.error(f"{len(self._formats)} arguments were prepared, and {len(args)} were passed")
        self._pair_up(args)
        pairs = zip(self._formats, args, self._names, strict=True)
        return [_packed(format_, argument, n, name) for n, (format_, argument, name) in enumerate(pairs)]

    def _check(self, values: Sequence[Value]) -> None:
        pairs = zip(values, self._kernel.parameters, self._names, strict=True)
        for n, (value, parameter, name) in enumerate(pairs):
            check_fit(value, parameter.size, parameter.kind, n, name)

    # ------------------------------------------------------------ the launch itself

    def _launch(self, grid: Sequence[int], block: Sequence[int], values: Sequence[Value], shared: int) -> None:
        current_engine("cuLaunchKernel")
        blocks, threads = _grid_of(grid), _block_of(block)
        self._check_shared(index(shared or 0))
        with _device.lock:
            failure = self._run([value.data for value in values], blocks, threads, index(shared or 0))
        if failure:
            told = f"{_told(failure)} in kernel {self._kernel.name}"
            end_current(told)
            raise LaunchError(f"cuLaunchKernel failed: {told}")

    def _run(self, values: list[bytes], blocks: _Extent, threads: _Extent, shared: int) -> _device.Failure | None:
        """How the launch failed, if it did."""
        if self._prints:
            sys.stdout.flush()
        try:
            report = self._kernel.launch(values, blocks, threads, shared)
        except _device.LaunchFailedError as failed:
            return failed.failure
        finally:
            if self._prints:
                ctypes.CDLL(None).fflush(None)
        if report is None:
            return None
        _device.reports.append(report)
        return report.failure

    def _check_shared(self, dynamic: int) -> None:
        static = self.shared_size_bytes
        if not 0 <= dynamic <= self._dynamic_limit - static:
            raise LogicError(
                f"cuLaunchKernel failed: invalid argument: {static} bytes of static and {dynamic} of dynamic shared "
                f"memory are more than the {self._dynamic_limit} that a block can have"
            )

    # ------------------------------------------------------------ attributes

    @cached_property
    def shared_size_bytes(self) -> int:
        """Of static shared memory."""
        return static_shared_bytes(self._kernel)

    def get_attribute(self, attribute: function_attribute) -> int:
        """Registers are not modelled: 32 for every kernel."""
        if attribute == function_attribute.SHARED_SIZE_BYTES:
            return self.shared_size_bytes
        return {
            function_attribute.MAX_THREADS_PER_BLOCK: _MOST_THREADS,
            function_attribute.NUM_REGS: 32,
            function_attribute.PTX_VERSION: 80,
            function_attribute.BINARY_VERSION: 80,
            function_attribute.MAX_DYNAMIC_SHARED_SIZE_BYTES: self._dynamic_limit - self.shared_size_bytes,
        }.get(attribute, 0)

    def get_attributes(self) -> dict[function_attribute, int]:
        return {attribute: self.get_attribute(attribute) for attribute in function_attribute}

    def set_attribute(self, attribute: function_attribute, value: int) -> None:
        """Only MAX_DYNAMIC_SHARED_SIZE_BYTES makes a difference."""
        if attribute == function_attribute.MAX_DYNAMIC_SHARED_SIZE_BYTES:
            if not 0 <= value <= DYNAMIC_SHARED_LIMIT - self.shared_size_bytes:
                raise LogicError(
                    f"cuFuncSetAttribute failed: invalid argument: a block has at most {DYNAMIC_SHARED_LIMIT} bytes "
                    "of shared memory"
                )
            self._dynamic_limit = value + self.shared_size_bytes

    def __getattr__(self, name: str) -> int:
        try:
            return self.get_attribute(function_attribute[name.upper()])
        except KeyError:
            raise AttributeError(f"a kernel has no attribute {name!r}") from None

    def set_cache_config(self, config: func_cache) -> None:
        """Makes no difference here."""

    def set_shared_config(self, config: shared_config) -> None:
        """Makes no difference here."""


def _format_of(kind: Any) -> str:
    """The format letter of a dtype; whatever else it is, PyCUDA takes it for a pointer."""
    if isinstance(kind, str):
        return kind
    if isinstance(kind, np.dtype) or (isinstance(kind, type) and issubclass(kind, np.number)):
        dtype: np.dtype[Any] = np.dtype(kind)
        return f"{dtype.itemsize}s" if dtype.char == "V" else dtype.char
    return "P"


def _packed(format_: str, argument: Any, number: int, name: str) -> Value:
    """Raises struct.error and TypeError for what the format cannot take."""
    what, letter = type(argument).__name__, format_[-1]
    if letter == "P":
        if not isinstance(argument, PointerHolderBase | int | np.integer):
            hint = "; pass its `gpudata`" if hasattr(argument, "gpudata") else ""
            raise TypeError(f"argument #{number} (0-based, `{name}`) is to be a device address, not {what}{hint}")
        return Value(struct.pack("P", int(argument)), "p", what)
    if letter == "s":
        return Value(np.asarray(argument).tobytes(), "s", what)
    if letter in "FDG":
        return Value(np.dtype(letter).type(argument).tobytes(), "s", what)
    return Value(struct.pack(format_, argument), "f" if letter in "efd" else "i", what)


def _extent(given: Sequence[int], what: str, limits: _Extent) -> _Extent:
    """Three numbers. Raises TypeError for anything but whole numbers, LogicError beyond the limits."""
    x, y, z = (*(index(n) for n in given), 1, 1)[:3]
    for letter, n, most in zip("xyz", (x, y, z), limits, strict=True):
        if not 1 <= n <= most:
            raise LogicError(
                f"cuLaunchKernel failed: invalid argument: {what} of {n} in {letter} (it can be 1 to {most})"
            )
    return x, y, z


def _grid_of(grid: Sequence[int]) -> _Extent:
    if not 1 <= len(grid) <= 3:
        raise LogicError(f"cuLaunchKernel failed: invalid argument: a grid has up to 3 dimensions, not {len(grid)}")
    return _extent(grid, "a grid", _GRID_LIMITS)


def _block_of(block: Sequence[int]) -> _Extent:
    if len(block) != 3:
        raise TypeError(f"the size of the block has three numbers, as in (256, 1, 1), not {len(block)}")
    x, y, z = _extent(block, "a block", _BLOCK_LIMITS)
    if x * y * z > _MOST_THREADS:
        raise LogicError(
            f"cuLaunchKernel failed: invalid argument: a block of {x} x {y} x {z} = {x * y * z} threads; "
            f"{_MOST_THREADS} are the most"
        )
    return x, y, z


def _told(failure: _device.Failure) -> str:
    """The cause and where it was."""
    more = failure.text or failure.place
    cause = failure.cause.value + (f": {more}" if more else "")
    line = f" at kernel.cu:{failure.line}" if failure.line else ""
    return f"{cause}{line}, thread {failure.thread} of block {failure.block},"
