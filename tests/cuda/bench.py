"""The kernels of `kernels/` on a device, and what is planted in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from grader.cuda.device import Array, CopyIn, CopyOut, EngineDevice, Ran
from grader.cuda.reports import Index

__all__ = ["KERNELS", "BenchDevice", "CopyIn", "CopyOut", "Ran", "planted", "source_of"]

KERNELS = Path(__file__).parent / "kernels"
_MARK = re.compile(r"//! (\w+)")
_CALLED = {"red_volatile": "warp_reduce", "race_in_a_template": "reversed_at_once"}  # device functions with mistakes
_FUNCTION = re.compile(r"(?:__global__|__device__) void (\w+)")


class BenchDevice(EngineDevice):
    """Finds kernels by the name of their file."""

    def run(
        self,
        file: str,
        kernel: str,
        arguments: Sequence[Any],
        block: Index,
        grid: Index = (1, 1, 1),
        shared: int = 0,
        constants: Mapping[str, Array] | None = None,
    ) -> Ran:
        return super().run(source_of(file), kernel, arguments, block, grid, shared, constants)


@cache
def source_of(file: str) -> str:
    return (KERNELS / f"{file}.cu").read_text()


@cache
def planted(file: str, kernel: str) -> set[tuple[str, int]]:
    """Which finding is to be told at which line of a kernel, as comments of the form //! KIND say."""
    marked: set[tuple[str, int]] = set()
    inside = False
    for number, line in enumerate(source_of(file).splitlines(), 1):
        if found := _FUNCTION.search(line):
            inside = found[1] in {kernel, _CALLED.get(kernel)}
        if inside:
            marked |= {(mark, number) for mark in _MARK.findall(line)}
    return marked
