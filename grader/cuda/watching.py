"""For scenarios: the student's program runs in the build that sees every access, and its launches are kept.

Import this before the student's file is loaded, as scenarios do: it decides which build that file's PyCUDA runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

from . import choice
from .compiler import CHECKED, cache_folder
from .device import CopyIn, CopyOut, EngineDevice, Ran, plain
from .records import Records, run_again
from .reports import MOST_LAUNCHES
from .source import DoesNotCompileError

choice.use_build_in_sandbox(CHECKED)

__all__ = [
    "CopyIn",
    "CopyOut",
    "EngineDevice",
    "Ran",
    "checked_device",
    "plain",
    "recorded",
    "run_launches",
    "source_of",
    "watched",
]


def checked_device() -> EngineDevice:
    """A device of the scenario's own, for kernels that it launches itself."""
    return EngineDevice(CHECKED, cache_folder())


def watched(call: Callable[[], Any]) -> tuple[Any, list[Any]]:
    """What the call returns, and what it has launched, as plain data.

    If a launch fails and the call with it, that is told by the launch: None is returned then.
    """
    value, reports, _ = _observed(call)
    return value, plain(reports[:MOST_LAUNCHES])


def recorded(call: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    """The same, with records for `run_again` in place of what this process has to say of its launches."""
    value, _, records = _observed(call)
    return value, records.plain


def _observed(call: Callable[[], Any]) -> tuple[Any, list[Any], Records]:
    device = import_module("pycuda._device")
    engine, begin, records = device.engine(), len(device.reports), Records()
    engine.before_launch = records.add
    try:
        value = call()
    except Exception:
        if not any(report.failure for report in device.reports[begin:]):
            raise
        value = None
    finally:
        engine.before_launch = None
    return value, device.reports[begin:], records


def run_launches(student: Any, launches: list[Any], backward: bool = False) -> list[Any]:
    """A scenario for the stub: what a student's process has recorded, run again where none of the student's Python is.

    What is no record of a launch is left out. `backward`: the last block of each first.
    """
    engine, seen = checked_device().engine, []
    for launch in launches:
        with contextlib.suppress(LookupError, TypeError, ValueError, MemoryError, DoesNotCompileError):
            seen.append(run_again(engine, launch, backward))
    return seen


def source_of(student: Any) -> Any:
    """A scenario: the student's CUDA C."""
    return student.KERNEL
