"""The one place that knows the engine: which build runs, where compiled kernels are kept, and what it has to report.

`CK_CUDA_BUILD` (fast or checked) and `CK_CUDA_CACHE` (a folder) in the environment decide, read once at the first use.
"""

from __future__ import annotations

import os
import threading
from functools import cache

from grader.cuda.compiler import CHECKED, FAST, NATIVE, build_kernel, cache_folder
from grader.cuda.engine import Engine, LaunchFailedError
from grader.cuda.engine import KernelFunction as Kernel
from grader.cuda.engine import KernelModule as Program
from grader.cuda.reports import Failure, LaunchReport
from grader.cuda.source import DoesNotCompileError, translate

__all__ = [
    "CHECKED",
    "NATIVE",
    "DoesNotCompileError",
    "Engine",
    "Failure",
    "Kernel",
    "LaunchFailedError",
    "LaunchReport",
    "Program",
    "engine",
    "lock",
    "message_of_fast_build",
    "reports",
]


lock = threading.RLock()
"""Held whenever the engine works: it runs one launch or copy at a time, whatever threads ask for them."""

reports: list[LaunchReport] = []
"""What the checked build has seen, launch by launch, in their order; kernels that this package writes included."""


@cache
def engine() -> Engine:
    """The device of this process. Raises ValueError if the environment names no build."""
    build = os.environ.get("CK_CUDA_BUILD") or FAST
    if build not in (FAST, CHECKED):
        raise ValueError(f"CK_CUDA_BUILD is {build!r}; it can be {FAST!r} or {CHECKED!r}")
    return Engine(build, cache_folder())


def message_of_fast_build(source: str, extern_c: bool, defines: tuple[str, ...], include: tuple[str, ...]) -> str:
    """What the compiler says of the source as it was written, without the checked build's markers; "" if nothing."""
    try:
        translation = translate(source, extern_c, defines)
        build_kernel(translation, engine().runtime, FAST, include, engine().cache)
    except DoesNotCompileError as wrong:
        return str(wrong)
    return ""
