"""Every process that multiprocessing starts asks the judge at its birth, and does what the answer says.

A forked one does so by a handler of `os.register_at_fork`; to one that begins afresh, it is the first thing that
multiprocessing sends. The judge answers the callback `born` with None, or with
    ["paint", row, table]   what fills `row` bytes of shared memory with one byte gets another one, by the table; first
                            `found` is told which bytes did so
    ["count"]               `events` is told, at the end, how many events of `sys.setprofile` there were in its life
    ["die", when, how, n]   it is killed by signal n (how: "kill"), or ends with status n ("exit"): before that many
                            such events, where 0 is at birth, and -1 when all is done and it is about to end; `dies` is
                            told before
What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from __future__ import annotations

import atexit
import os
from builtins import bytes, exec, int, sorted, type  # noqa: UP029
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from io import FileIO
from multiprocessing import spawn
from os import _exit, getpid, kill, scandir
from re import DOTALL
from re import compile as pattern
from sys import path as search_path
from sys import setprofile
from typing import Any

from .callbacks import DirectCallback

SEGMENTS = "/dev/shm"
_LARGEST = 1 << 24  # of what is looked at

born, found, events, dies = (DirectCallback(name) for name in ("born", "found", "events", "dies"))
prepared_by_python = spawn.get_preparation_data


@cache
def ask_at_births() -> None:
    """Once for all runs of this process."""
    os.register_at_fork(after_in_child=ask)
    spawn.get_preparation_data = _prepared


def _prepared(name: str) -> dict[str, object]:
    """The first thing that is sent to a process that begins afresh."""
    return {**prepared_by_python(name), "birth": _Birth()}


class _Birth:
    """Where it is unpickled, there the judge is asked. The kit is not found there yet."""

    def __reduce__(self) -> tuple[Any, ...]:
        code = (
            f"import sys; sys.path[:] = {search_path!r}; from grader.player import callbacks; "
            f"callbacks.connect_to({born.path!r}); from grader.player.births import ask; ask()"
        )
        return exec, (code, {})


def ask() -> None:
    said = born()
    if type(said) is list:
        deed, *how = said
        _DEEDS[deed](*how)


# ------------------------------------------------------------------ colours


def _paint(row: int, table: bytes) -> None:
    tell_found(row)
    for segment in _segments():
        for colour, start, end in _runs(segment.read(), row):
            if table[colour] != colour:
                segment.seek(start)
                segment.write(bytes([table[colour]]) * (end - start))


def tell_found(row: int) -> None:
    contents = [segment.read() for segment in _segments()] + [*_mapped()]
    found(bytes(sorted({colour for content in contents for colour, _, _ in _runs(content, row)})))


def _runs(content: bytes, row: int) -> Iterator[tuple[int, int, int]]:
    """Each place where one byte fills so many: which, from where, to where."""
    for run in pattern(rb"(.)\1{%d,}" % (row - 1), DOTALL).finditer(content):
        yield content[run.start()], run.start(), run.end()


def _segments() -> Iterator[FileIO]:
    """Those that have a name."""
    for entry in scandir(SEGMENTS):
        with FileIO(entry.path, "r+") as segment:
            yield segment


def _mapped() -> Iterator[bytes]:
    """What this process has in memory that others may have as well, whether it has a name or not."""
    with FileIO("/proc/self/maps") as maps, FileIO("/proc/self/mem") as memory:
        for area, rights, *_ in (line.split() for line in maps.readall().splitlines()):
            start, end = (int(bound, 16) for bound in area.split(b"-"))
            if rights.startswith(b"r") and rights.endswith(b"s") and end - start <= _LARGEST:
                with suppress(OSError):  # a file may be shorter
                    memory.seek(start)
                    yield memory.read(end - start)


# ------------------------------------------------------------------ deaths


def _count() -> None:
    counted = [0]

    def count(*_: object) -> None:
        counted[0] += 1

    def tell() -> None:
        setprofile(None)
        events(counted[0])

    _at_the_end(tell)
    setprofile(count)


def _die(when: int, how: str, number: int) -> None:
    def now() -> None:
        dies()
        if how == "kill":
            kill(getpid(), number)
        _exit(number)

    if when == 0:
        now()
    elif when < 0:
        _at_the_end(now)
    else:
        _at_event(when, now)


def _at_event(number: int, act: Callable[[], None]) -> None:
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            setprofile(None)
            act()

    setprofile(count)


def _at_the_end(act: Callable[[], None]) -> None:
    """Before the process ends, which it does by `os._exit` if it was forked, by whomever."""

    def end(status: int) -> None:
        atexit.unregister(act)
        act()
        _exit(status)

    os._exit = end  # type: ignore[assignment]
    atexit.register(act)


_DEEDS: dict[str, Callable[..., None]] = {"paint": _paint, "count": _count, "die": _die}
