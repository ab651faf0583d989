"""For scenarios: the student's program runs in the build that sees every access, and its launches are kept.

Import this before the student's file is loaded, as scenarios do: it decides which build that file's PyCUDA runs.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from . import choice
from .compiler import CHECKED
from .device import Device, In, Out, Ran, plain

choice.use_build(CHECKED)

__all__ = ["Device", "In", "Out", "Ran", "checked_device", "plain", "watched"]


def checked_device() -> Device:
    """A device of the scenario's own, for kernels that it launches itself."""
    return Device(CHECKED, Path("/tmp/kernels"))


def watched(call: Callable[[], Any]) -> tuple[Any, list[Any]]:
    """What the call returns, and what it has launched, as plain data.

    If a launch fails and the call with it, that is told by the launch: None is returned then.
    """
    reports = import_module("pycuda._device").reports
    begin = len(reports)
    try:
        value = call()
    except Exception:
        if not any(report.failure for report in reports[begin:]):
            raise
        value = None
    return value, plain(reports[begin:])
