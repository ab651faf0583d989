"""Files of the kernel's that are read again and again, without a walk to them each time.

Each step of a path below /sys takes a lock that all who start players need as well: a network namespace comes with a
device, and a device with files there. Among many judges, on a machine that is busy, those who looked kept those who
started waiting, and the other way round.
"""

from __future__ import annotations

import os
from pathlib import Path


class KernelFile:
    """A file that is found once. Raises OSError where it is not, or cannot be read."""

    def __init__(self, path: Path) -> None:
        self._place = os.open(path, os.O_PATH | os.O_CLOEXEC)

    def read(self) -> bytes:
        """What is in it now. (It is opened anew: of an open list of processes, version 1 of cgroups tells the old.)"""
        with open(f"/proc/self/fd/{self._place}", "rb", buffering=0) as file:
            return file.readall()

    def close(self) -> None:
        os.close(self._place)
