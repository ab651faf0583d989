"""Control groups of version 2: one hierarchy. (Linux: admin-guide/cgroup-v2.rst, “Delegation”.)

A group that hands controllers down may hold no processes itself, so ours are made beside or above the group that the
judge is in. Where that is the top of all we may write to (a container, a scope of systemd's), the judge's processes
step aside into a group of their own first.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from . import processes
from .kernel_file import KernelFile
from .limits import MB, Limits
from .scratch import owner_prefix

_CONTROLLERS = {"pids", "memory"}
_JUDGES_OWN = "concurrency-kit-judge"


def parents() -> Iterator[Path]:
    """Groups, from the one we are in upwards, that hand the controllers down."""
    own = _own_folder()
    if own is not None:
        for folder in (own, *own.parents):
            if _words(folder / "cgroup.subtree_control") >= _CONTROLLERS:
                yield folder
            if not (folder.parent / "cgroup.procs").exists():
                return


def makers() -> Iterator[Callable[[Limits], GroupV2]]:
    """Lazily: stepping aside is the last resort."""
    for parent in parents():
        yield partial(GroupV2, parent)
    own = _own_folder()
    if own is not None and (_hand_down(own) or (_step_aside(own) and _hand_down(own))):
        yield partial(GroupV2, own)


def _own_folder() -> Path | None:
    """The folder of the group we are in, if it can be seen."""
    with contextlib.suppress(OSError):
        path = next(
            (line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")), None
        )
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        roots = [fields[4] for fields in mounts if fields[fields.index("-") + 1] == "cgroup2"]
        if path and roots and (folder := Path(roots[0], path.lstrip("/"))).is_dir():
            return folder
    return None


def _hand_down(own: Path) -> bool:
    """Whether `own` now hands its controllers down: while it holds processes only the root of all can."""
    try:
        (own / "cgroup.subtree_control").write_text("+pids +memory")
    except OSError:
        return False
    return True


def _step_aside(own: Path) -> bool:
    """Moves the judge's processes one group down, so that `own` can hand its controllers down; not if others are in."""
    if not _words(own / "cgroup.controllers") >= _CONTROLLERS:
        return False
    try:
        members = [int(pid) for pid in (own / "cgroup.procs").read_text().split()]
        family = {*processes.ancestors(os.getpid()), *processes.descendants(os.getpid())}
        if not family.issuperset(members):
            return False
        (own / _JUDGES_OWN).mkdir(exist_ok=True)
        for pid in members:
            (own / _JUDGES_OWN / "cgroup.procs").write_text(str(pid))
    except OSError:
        return False
    return True


def _words(file: Path) -> set[str]:
    try:
        return set(file.read_text().split())
    except OSError:
        return set()


class GroupV2:
    """See `cgroup.Group`. Raises OSError where it cannot be made."""

    def __init__(self, parent: Path, limits: Limits) -> None:
        self._folder = parent / (owner_prefix() + secrets.token_hex(4))
        self._folder.mkdir()
        self._procs = KernelFile(self._folder / "cgroup.procs")
        self._cpu_stat = KernelFile(self._folder / "cpu.stat")
        self._write("pids.max", limits.tasks)
        self._write("memory.max", limits.memory_mb * MB)
        if (self._folder / "memory.swap.max").exists():
            self._write("memory.swap.max", 0)

    def add(self, pid: int) -> None:
        self._write("cgroup.procs", pid)

    def cpu_s(self) -> float:
        return _fields(self._cpu_stat.read())["usage_usec"] / 1e6

    def pids(self) -> list[int]:
        return [int(pid) for pid in self._procs.read().split()]

    def out_of_memory(self) -> bool:
        return _fields((self._folder / "memory.events").read_bytes())["oom_kill"] > 0

    def folders(self) -> Iterable[Path]:
        return [self._folder]

    def release(self) -> None:
        self._procs.close()
        self._cpu_stat.close()

    def _write(self, file: str, value: int) -> None:
        (self._folder / file).write_text(str(value))


def _fields(content: bytes) -> dict[str, int]:
    return {name.decode(): int(value) for name, value in map(bytes.split, content.splitlines())}
