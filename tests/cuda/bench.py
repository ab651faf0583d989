"""A device for tests: kernels of `kernels/` launched with NumPy arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from grader.cuda.engine import Engine, LaunchFailedError, Module
from grader.cuda.reports import Failure, Index, LaunchReport

KERNELS = Path(__file__).parent / "kernels"
_MARK = re.compile(r"//! (\w+)")


@dataclass(frozen=True)
class In:
    """Copied to the device before the launch."""

    array: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Out:
    """Room on the device, copied back; `filled`: with the array's content before."""

    array: np.ndarray[Any, Any]
    filled: bool = False


@dataclass(frozen=True)
class Ran:
    """What came of a launch."""

    outputs: list[np.ndarray[Any, Any]]
    report: LaunchReport | None
    failure: Failure | None


class Device:
    """One engine, and the modules of the files it has compiled."""

    def __init__(self, build: str, folder: Path) -> None:
        self.engine = Engine(build, folder)
        self._modules: dict[str, Module] = {}

    def module(self, name: str) -> Module:
        if name not in self._modules:
            source = (KERNELS / f"{name}.cu").read_text()
            self._modules[name] = Module(self.engine, source, extern_c='extern "C"' not in source)
        return self._modules[name]

    def run(
        self,
        file: str,
        kernel: str,
        arguments: Sequence[Any],
        block: Index,
        grid: Index = (1, 1, 1),
        shared: int = 0,
        constants: Mapping[str, np.ndarray[Any, Any]] | None = None,
    ) -> Ran:
        module = self.module(file)
        for name, array in (constants or {}).items():
            self.engine.copy(module.variable(name)[0], array.ctypes.data, array.nbytes)
        buffers = [self._buffer(argument) for argument in arguments]
        values = [
            (np.uint64(buffer) if buffer else argument).tobytes()
            for buffer, argument in zip(buffers, arguments, strict=True)
        ]
        report, failure = None, None
        try:
            report = module.function(kernel).launch(values, grid, block, shared)
            failure = report.failure if report else None
        except LaunchFailedError as e:
            failure = e.failure
        both = zip(buffers, arguments, strict=True)
        outputs = [self._back(buffer, argument.array) for buffer, argument in both if isinstance(argument, Out)]
        for buffer in filter(None, buffers):
            self.engine.free(buffer)
        return Ran(outputs, report, failure)

    def _buffer(self, argument: Any) -> int:
        if not isinstance(argument, In | Out):
            return 0
        buffer = self.engine.allocate(argument.array.nbytes)
        if isinstance(argument, In) or argument.filled:
            self.engine.copy(buffer, argument.array.ctypes.data, argument.array.nbytes)
        return buffer

    def _back(self, buffer: int, like: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        array = np.empty_like(like)
        self.engine.copy(array.ctypes.data, buffer, array.nbytes)
        return array


@cache
def planted(file: str, kernel: str) -> set[tuple[str, int]]:
    """Which finding is to be told at which line of a kernel, as comments of the form //! KIND say."""
    lines = (KERNELS / f"{file}.cu").read_text().splitlines()
    marked: set[tuple[str, int]] = set()
    inside = False
    for number, line in enumerate(lines, 1):
        if found := re.search(r"(?:__global__|__device__) (?:void|T) (\w+)", line):
            inside = found[1] in {kernel, "warp_reduce" if kernel == "red_volatile" else ""}
        if inside:
            marked |= {(mark, number) for mark in _MARK.findall(line)}
    return marked
