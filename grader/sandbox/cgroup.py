"""Memory, process-count and CPU accounting by control groups (version 1), where this machine lets us make them."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path

from .limits import MB, Limits
from .scratch import is_stale, owner_prefix

_ROOT = Path("/sys/fs/cgroup")
_CONTROLLERS = ("pids", "memory", "cpuacct")


def _own_folders() -> dict[str, Path]:
    """Controller -> the folder of the group we are in."""
    folders = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, names, path = line.split(":", 2)
            for name in names.split(","):
                if name in _CONTROLLERS:
                    folders[name] = _ROOT / names / path.lstrip("/")
    return folders


def available() -> str:
    """Empty when groups can be made here; otherwise the reason."""
    try:
        CGroup(Limits()).close()
    except OSError as e:
        return f"no writable cgroup of version 1 ({e.strerror})"
    return ""


def remove_stale_groups() -> None:
    """Removes groups whose judge was killed before it could."""
    for folder in _own_folders().values():
        for group in filter(lambda path: is_stale(path.name), folder.iterdir()):
            with contextlib.suppress(OSError):
                group.rmdir()


class CGroup:
    """One player's group. Raises OSError where a controller is missing or not writable."""

    def __init__(self, limits: Limits) -> None:
        name = owner_prefix() + secrets.token_hex(4)
        parents = _own_folders()
        if set(parents) != set(_CONTROLLERS):
            raise OSError(0, "controllers pids, memory and cpuacct are not all mounted")
        self._folders: dict[str, Path] = {}
        self._usage = -1
        try:
            for controller, parent in parents.items():
                (parent / name).mkdir()
                self._folders[controller] = parent / name
            self._write("pids", "pids.max", limits.processes)
            self._write("memory", "memory.limit_in_bytes", limits.memory_mb * MB)
            self._usage = os.open(self._folders["cpuacct"] / "cpuacct.usage", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self.close()
            raise

    def add(self, pid: int) -> None:
        for controller in self._folders:
            self._write(controller, "cgroup.procs", pid)

    def cpu_s(self) -> float:
        return int(os.pread(self._usage, 64, 0)) / 1e9

    def pids(self) -> list[int]:
        """Its processes, in no particular order. (Opened anew each time: the kernel keeps the list of an open file.)"""
        return [int(pid) for pid in self._read("pids", "cgroup.procs").split()]

    def out_of_memory(self) -> bool:
        """Whether the kernel has ended a process of the group for using too much memory."""
        fields = dict(line.split() for line in self._read("memory", "memory.oom_control").splitlines())
        return int(fields.get("oom_kill", 0)) > 0

    def close(self) -> None:
        """Removes the group; its processes must have ended."""
        if self._usage >= 0:
            os.close(self._usage)
            self._usage = -1
        for folder in self._folders.values():
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.005)  # sleep: the kernel lets go of ended processes a moment later

    def _write(self, controller: str, file: str, value: int) -> None:
        (self._folders[controller] / file).write_text(str(value))

    def _read(self, controller: str, file: str) -> str:
        return (self._folders[controller] / file).read_text()
