"""A device for scenarios and tests: kernels launched with NumPy arrays, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from .engine import Engine, KernelModule, LaunchFailedError
from .reports import Failure, Index, LaunchReport

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class CopyIn:
    """Copied to the device before the launch."""

    array: Array


@dataclass(frozen=True)
class CopyOut:
    """Room on the device, copied back; `filled`: with the array's content before."""

    array: Array
    filled: bool = False


@dataclass(frozen=True)
class Ran:
    """What came of a launch: the arrays of each `CopyOut`, in order, and the checked build's report."""

    outputs: list[Array]
    report: LaunchReport | None
    failure: Failure | None


class EngineDevice:
    """One build of the engine, and the modules it has compiled."""

    def __init__(self, build: str, cache: Path) -> None:
        self.engine = Engine(build, cache)
        self._modules: dict[str, KernelModule] = {}

    def module(self, source: str) -> KernelModule:
        """Raises DoesNotCompileError."""
        if source not in self._modules:
            self._modules[source] = KernelModule(self.engine, source, extern_c='extern "C"' not in source)
        return self._modules[source]

    def run(
        self,
        source: str,
        kernel: str,
        arguments: Sequence[CopyIn | CopyOut | np.generic],
        block: Index,
        grid: Index = (1, 1, 1),
        shared: int = 0,
        constants: Mapping[str, Array] | None = None,
    ) -> Ran:
        """Launches a kernel of the source with arrays and NumPy scalars. Raises KeyError for one that is not there."""
        module = self.module(source)
        function = module.function(kernel)
        for name, array in (constants or {}).items():
            self.engine.copy(module.variable(name)[0], array.ctypes.data, array.nbytes)
        buffers = [self._buffer(argument) for argument in arguments]
        values = [
            (np.uint64(buffer) if isinstance(argument, CopyIn | CopyOut) else argument).tobytes()
            for buffer, argument in zip(buffers, arguments, strict=True)
        ]
        report, failure = None, None
        try:
            report = function.launch(values, grid, block, shared)
            failure = report.failure if report else None
        except LaunchFailedError as e:
            failure = e.failure
        both = zip(buffers, arguments, strict=True)
        outputs = [self._back(buffer, argument.array) for buffer, argument in both if isinstance(argument, CopyOut)]
        for buffer in filter(None, buffers):
            self.engine.free(buffer)
        return Ran(outputs, report, failure)

    def _buffer(self, argument: CopyIn | CopyOut | np.generic) -> int:
        if not isinstance(argument, CopyIn | CopyOut):
            return 0
        array = np.ascontiguousarray(argument.array)
        buffer = self.engine.allocate(array.nbytes)
        if isinstance(argument, CopyIn) or argument.filled:
            self.engine.copy(buffer, array.ctypes.data, array.nbytes)
        return buffer

    def _back(self, buffer: int, like: Array) -> Array:
        array = np.empty_like(like)
        self.engine.copy(array.ctypes.data, buffer, array.nbytes)
        return array


def plain(value: Any) -> Any:
    """Reports, and whatever else is made of dataclasses, as dicts, lists, texts and numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value.value) if isinstance(value, Enum) else value
