"""For scenarios: the student's program runs in the build that sees every access, and its launches are kept.

Import this before the student's file is loaded, as scenarios do: it decides which build that file's PyCUDA runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import choice
from .compiler import CHECKED
from .device import Device, In, Out, Ran, plain

choice.use_build(CHECKED)

__all__ = ["Device", "In", "Out", "Ran", "checked_device", "launches", "plain"]


def checked_device() -> Device:
    """A device of the scenario's own, for kernels that it launches itself."""
    return Device(CHECKED, Path("/tmp/kernels"))


@contextmanager
def launches() -> Iterator[list[Any]]:
    """What is launched inside, as plain data, complete at the end."""
    from pycuda import _device  # noqa: PLC0415 - found only now that the build is chosen

    begin, told = len(_device.reports), list[Any]()
    yield told
    told += plain(_device.reports[begin:])
