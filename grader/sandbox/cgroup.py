"""Memory, process-count and CPU accounting by control groups, where this machine lets us make them."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from . import cgroup_v1, cgroup_v2
from .limits import Limits
from .scratch import is_stale

GroupMaker = Callable[[Limits], "Group"]


class Group(Protocol):
    """One player's group. Every method but `close` raises OSError where the kernel refuses."""

    def add(self, pid: int) -> None:
        """Moves a process in, before it has children."""

    def cpu_s(self) -> float:
        """CPU seconds of all that was ever in the group."""

    def pids(self) -> list[int]:
        """Its processes, in no particular order."""

    def out_of_memory(self) -> bool:
        """Whether the kernel has ended a process of the group for using too much memory."""

    def folders(self) -> Iterable[Path]:
        """What `close` removes."""

    def release(self) -> None:
        """Closes what is open."""


@cache
def group_maker() -> GroupMaker | None:
    """Makes a player's group; None where the kernel or our rights do not allow any. Tried for real, once a process."""
    makers: Iterator[GroupMaker] = itertools.chain(cgroup_v1.makers(), cgroup_v2.makers())
    return next(filter(_works, makers), None)


def unavailable() -> str:
    """Empty when groups can be made here; otherwise the reason."""
    return "" if group_maker() else "no cgroup, of version 1 or 2, in which we may make groups"


@contextlib.contextmanager
def removed_at_the_end(group: Group) -> Iterator[Group]:
    """The group, whose processes must have ended before the end."""
    try:
        yield group
    finally:
        group.release()
        for folder in group.folders():
            _remove(folder)


def _remove(folder: Path) -> None:
    for _ in range(100):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.005)  # sleep: the kernel lets go of ended processes a moment later


def _works(maker: GroupMaker) -> bool:
    """Whether a process can be moved into such a group: having made it does not mean that."""
    try:
        with removed_at_the_end(maker(Limits())) as group, subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
            try:
                group.add(process.pid)
                return group.pids() == [process.pid]
            finally:
                process.kill()
    except OSError:
        return False


def remove_stale_groups() -> None:
    """Removes groups whose judge was killed before it could, and ends what is still there.

    A bwrap that has lost its other half just before it asked to be ended with it waits for good.
    """
    for parent in filter(Path.is_dir, (*cgroup_v1.own_folders().values(), *cgroup_v2.parents())):
        for group in filter(lambda path: is_stale(path.name), parent.iterdir()):
            with contextlib.suppress(OSError):
                for pid in (group / "cgroup.procs").read_text().split():
                    os.kill(int(pid), signal.SIGKILL)
            _remove(group)
