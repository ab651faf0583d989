"""Libraries in memory: all of their pages are in place before student code runs.

The kernel counts them with whatever else a process uses, as soon as they are touched, and how many come with one touch
is the file system's matter. So they come at the beginning, and what is added later is student code's own.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator

from .limits import LIBC

_MADV_POPULATE_READ = 22  # linux/mman.h; before Linux 5.14 there is none, and libraries count when they are touched


def of_files() -> list[tuple[int, int]]:
    """Address and length, in bytes, of each mapping of a file that this process can read; none but on Linux."""
    with contextlib.suppress(OSError), open("/proc/self/maps") as lines:
        return [*_of_files(lines)]
    return []


def _of_files(lines: Iterator[str]) -> Iterator[tuple[int, int]]:
    for line in lines:
        addresses, rights, _, _, _, *path = line.split(maxsplit=5)
        if rights.startswith("r") and path and path[0].startswith("/"):
            first, end = (int(address, 16) for address in addresses.split("-"))
            yield first, end - first


def populate(mappings: list[tuple[int, int]]) -> None:
    """Maps every page of them, in a process that was forked from the one that listed them."""
    for address, length in mappings:
        LIBC.madvise(ctypes.c_void_p(address), ctypes.c_size_t(length), _MADV_POPULATE_READ)
