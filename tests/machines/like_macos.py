"""Runs Python as on a system that is no Linux: `python like_macos.py [-m MODULE | FILE] ARGUMENT…`.

What CPython lacks on macOS is taken away (as typeshed lists it), /proc cannot be opened but by psutil, libc has no
calls of Linux's, and libproc and LOCAL_PEERPID are played from /proc. Every Python that is started from here is treated
likewise; those that student code starts are not.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import selectors
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

_OF_OS = (
    *("sched_getaffinity", "sched_setaffinity", "pidfd_open", "memfd_create", "setresuid", "setresgid", "getresuid"),
    *("getresgid", "unshare", "setns", "pipe2", "eventfd", "splice", "copy_file_range", "getrandom", "posix_fadvise"),
    *("O_PATH", "O_TMPFILE", "ST_NOEXEC", "ST_NOATIME", "ST_RELATIME", "sched_getscheduler", "waitid", "P_PIDFD"),
    *("getxattr", "setxattr", "listxattr", "removexattr", "posix_fallocate"),
)
_OF_SOCKET = (
    "SO_PEERCRED",
    "SOCK_CLOEXEC",
    "SOCK_NONBLOCK",
    "AF_NETLINK",
    "AF_PACKET",
    "AF_VSOCK",
    "AF_ALG",
    "SO_MARK",
)
_OF_LIBC = {"prctl", "unshare", "setns", "capset", "syscall", "mount", "umount2"}
_SOL_LOCAL, _LOCAL_PEERPID = 0, 2
_NUMRUNNING = 22


def pretend() -> None:
    """From now on. What is imported later finds another system."""
    if not sys.flags.no_site:
        import_module("psutil")  # asks which system this is
    import_module("sysconfig").get_config_vars()  # so does this
    for module, names in (("os", _OF_OS), ("posix", _OF_OS), ("socket", _OF_SOCKET), ("_socket", _OF_SOCKET)):
        _take_away(module, names)
    selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc, assignment]
    sys.platform = "darwin"
    ctypes.CDLL = _Libc  # type: ignore[misc, assignment]
    socket.socket.getsockopt = _getsockopt  # type: ignore[method-assign, assignment]
    subprocess.Popen.__init__ = _start_likewise  # type: ignore[method-assign, assignment]
    sys.addaudithook(_refuse_proc)


def _take_away(module: str, names: Sequence[str]) -> None:
    for name in names:
        vars(import_module(module)).pop(name, None)


def _refuse_proc(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith(("/proc", "/sys")):
        caller = sys._getframe(1).f_code.co_filename
        if "psutil" not in caller and caller != __file__:
            raise FileNotFoundError(2, "as on macOS", arguments[0])


class _Libc:
    """`ctypes.CDLL(None)`."""

    def __init__(self, name: str | None, *rest: object, **named: object) -> None:
        self._real = _CDLL(name, *rest, **named)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Any:
        if name in _OF_LIBC:
            raise AttributeError(f"{name}: as on macOS")
        return getattr(self._real, name)

    def proc_pidinfo(self, pid: int, flavor: int, argument: object, buffer: Any, size: int) -> int:
        """How many threads are runnable, and nothing else."""
        assert (flavor, size) == (4, 96)
        try:
            tids = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - from here, where it is let through
            states = [_state(f"/proc/{pid}/task/{tid}/stat") for tid in tids]
        except OSError:
            return 0
        buffer[_NUMRUNNING] = states.count("R")
        return size


def _state(path: str) -> str:
    with open(path) as file:  # noqa: PTH123 - likewise
        return file.read().rpartition(")")[2].split()[0]


_CDLL = ctypes.CDLL
_real_getsockopt = socket.socket.getsockopt
_SO_PEERCRED = 17
_real_init = subprocess.Popen.__init__


def _getsockopt(self: socket.socket, level: int, option: int, *size: int) -> Any:
    if (level, option) == (_SOL_LOCAL, _LOCAL_PEERPID):
        return struct.unpack("3i", _real_getsockopt(self, socket.SOL_SOCKET, _SO_PEERCRED, 12))[0]
    return _real_getsockopt(self, level, option, *size)


def _start_likewise(self: Any, command: Any, *rest: Any, **named: Any) -> None:
    """A script or a module of ours is run by this file."""
    if isinstance(command, list) and Path(command[0]).name.startswith("python"):
        at = next((n for n, word in enumerate(command) if word == "-m" or word.endswith(".py")), None)
        if at is not None and "-c" not in command[:at]:
            command = [*command[:at], __file__, *command[at:]]
    _real_init(self, command, *rest, **named)


def main() -> None:
    words = sys.argv[1:]
    if not sys.flags.safe_path:
        sys.path.pop(0)  # our folder
    pretend()
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


if __name__ == "__main__":
    main()
