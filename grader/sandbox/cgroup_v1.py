"""Control groups of version 1: a hierarchy for each controller. (Linux: admin-guide/cgroup-v1.)"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from .kernel_file import KernelFile
from .limits import MB, Limits
from .scratch import owner_prefix

_ROOT = Path("/sys/fs/cgroup")
_CONTROLLERS = ("pids", "memory", "cpuacct")


def own_folders() -> dict[str, Path]:
    """Controller -> the folder of the group we are in."""
    folders = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, names, path = line.split(":", 2)
            for name in names.split(","):
                if name in _CONTROLLERS:
                    folders[name] = _ROOT / names / path.lstrip("/")
    return folders


def makers() -> Iterator[type[GroupV1]]:
    if set(own_folders()) == set(_CONTROLLERS):
        yield GroupV1


class GroupV1:
    """See `cgroup.Group`. Raises OSError where it cannot be made."""

    def __init__(self, limits: Limits) -> None:
        name = owner_prefix() + secrets.token_hex(4)
        self._folders = {controller: parent / name for controller, parent in own_folders().items()}
        for folder in self._folders.values():
            folder.mkdir()
        self._write("pids", "pids.max", limits.tasks)
        self._write("memory", "memory.limit_in_bytes", limits.memory_mb * MB)
        self._procs = KernelFile(self._folders["pids"] / "cgroup.procs")
        self._usage = os.open(self._folders["cpuacct"] / "cpuacct.usage", os.O_RDONLY | os.O_CLOEXEC)

    def add(self, pid: int) -> None:
        for controller in self._folders:
            self._write(controller, "cgroup.procs", pid)

    def cpu_s(self) -> float:
        return int(os.pread(self._usage, 64, 0)) / 1e9

    def pids(self) -> list[int]:
        return [int(pid) for pid in self._procs.read().split()]

    def out_of_memory(self) -> bool:
        fields = dict(line.split() for line in self._read("memory", "memory.oom_control").splitlines())
        return int(fields.get("oom_kill", 0)) > 0

    def folders(self) -> Iterable[Path]:
        return self._folders.values()

    def release(self) -> None:
        self._procs.close()
        os.close(self._usage)

    def _write(self, controller: str, file: str, value: int) -> None:
        (self._folders[controller] / file).write_text(str(value))

    def _read(self, controller: str, file: str) -> str:
        return (self._folders[controller] / file).read_text()
