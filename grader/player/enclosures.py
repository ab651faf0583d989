"""Where a player is put: into namespaces of its own, into bubblewrap's, or on the host below its supervisor.

The supervisor calls `leave_host`, forks, and calls `end` when the player is gone; the forked child calls `settle`,
which returns in the player alone, and `drop_privileges`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Protocol

from . import limits, namespaces, seccomp, wire
from .configuration import Configuration, Filter, Root
from .syscalls import MACHINE


class Enclosure(Protocol):
    def leave_host(self, link: socket.socket) -> None:
        """In the supervisor, before it forks. Raises OSError."""

    def settle(self, control: socket.socket) -> socket.socket:
        """In the forked child: the socket that callbacks connect to. Raises OSError."""

    def drop_privileges(self) -> None:
        """In the player, for good. Raises OSError."""

    def status(self, child: int) -> int:
        """The player's exit status, negative for a signal, given that of the forked child."""

    def end(self, child: int) -> None:
        """Ends everything that the player, which was the forked child or below it, has left."""


def enclosure_of(config: Configuration) -> Enclosure:
    if config["root"] is not None:
        return _OwnNamespaces(config["root"], config["calls"])
    if config["bwrap"] is not None:
        return _Bubblewrap(config["bwrap"], config["listener"], config["uid"], config["seccomp"])
    return _Open(config["listener"], config["uid"])


def _listen(path: str) -> socket.socket:
    """The socket through which callbacks reach the judge; the judge alone accepts on it."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(256)
    return listener


class _OwnNamespaces:
    """Namespaces and a root file system made here; the child becomes process 1 and forks the player."""

    def __init__(self, root: Root, calls: str) -> None:
        self._root, self._calls = root, calls

    def leave_host(self, link: socket.socket) -> None:
        """The judge maps our ids, which only the owner of the parent namespace can."""
        namespaces.leave_host()
        self._told, self._telling = os.pipe()
        link.sendall(wire.frame({"unshared": True}))
        wire.receive(link)

    def settle(self, control: socket.socket) -> socket.socket:
        namespaces.build_root(self._root)
        listener = _listen(self._calls)
        namespaces.seal_root()
        if (player := os.fork()) != 0:
            control.close()
            listener.close()
            _be_init(player, self._telling)
        os.close(self._told)
        os.close(self._telling)
        return listener

    def drop_privileges(self) -> None:
        namespaces.become_nobody()
        namespaces.drop_capabilities()
        limits.set_dumpable(True)

    def status(self, child: int) -> int:
        """As init tells it: it has ended itself, and cannot end by a signal as the player has."""
        os.close(self._telling)
        said = os.read(self._told, 16)
        return int(said) if said else child

    def end(self, child: int) -> None:
        """Process 1 has ended, and the kernel with it everything else."""


def _be_init(player: int, telling: int) -> None:
    """Process 1: reaps until the player ends, and tells how. Never returns."""
    for descriptor in (1, 2):
        os.close(descriptor)
    while True:
        ended, status = os.wait()
        if ended == player:
            os.write(telling, b"%d" % os.waitstatus_to_exitcode(status))
            os._exit(0)


class _Bubblewrap:
    """bwrap makes the namespaces and keeps them open with a process that waits; we join them.

    So bwrap's well-tried set-up is used without giving up the warm interpreter, which it could only run anew.
    """

    def __init__(self, arguments: list[str], listener: str, uid: int | None, filtered: Filter) -> None:
        self._arguments, self._listener_path, self._uid, self._filter = arguments, listener, uid, filtered

    def leave_host(self, link: socket.socket) -> None:
        self._listener = _listen(self._listener_path)
        self._init = self._start()
        namespaces.join(self._init)

    def _start(self) -> int:
        """Starts bwrap around `cat`, which ends when we do; its echo says that all is in place. Returns init's pid."""
        (stdin, self._keeps_open), (said, stdout), (about, telling) = os.pipe(), os.pipe(), os.pipe()
        self._holder = os.fork()
        if self._holder == 0:
            _execute(self._arguments, [stdin, stdout, stdout, telling, _program(self._filter)])
        for descriptor in (stdin, stdout, telling):
            os.close(descriptor)
        os.write(self._keeps_open, b"?")
        if (answer := os.read(said, 1)) != b"?":
            while more := os.read(said, 4096):
                answer += more
            raise OSError(answer.decode("utf-8", "replace").strip() or "bwrap ended at once")
        pid = json.loads(os.read(about, 4096))["child-pid"]
        os.close(said)
        os.close(about)
        return int(pid)

    def settle(self, control: socket.socket) -> socket.socket:
        os.close(self._keeps_open)
        return self._listener

    def drop_privileges(self) -> None:
        _become(self._uid)
        namespaces.drop_capabilities()
        limits.set_dumpable(True)

    def status(self, child: int) -> int:
        return child

    def end(self, child: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._init, signal.SIGKILL)
        os.waitpid(self._holder, 0)


def _program(options: Filter) -> int:
    """The seccomp filter as a file to read: what waits in the sandbox is held to it as well."""
    descriptor = os.memfd_create("seccomp", 0)
    os.write(descriptor, seccomp.program(MACHINE, **options))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _execute(arguments: list[str], descriptors: list[int]) -> None:
    """Becomes the program, with these as its descriptors 0, 1, 2, … and no others. Never returns."""
    try:
        moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100) for descriptor in descriptors]
        for number, descriptor in enumerate(moved):
            os.dup2(descriptor, number)
        os.closerange(len(moved), 1024)
        os.execv(arguments[0], arguments)
    finally:
        os._exit(127)


class _Open:
    """The host itself, as a user of its own where the judge is root; Landlock may close it off."""

    def __init__(self, listener: str, uid: int | None) -> None:
        self._listener_path, self._uid = listener, uid

    def leave_host(self, link: socket.socket) -> None:
        _become(self._uid)
        limits.adopt_orphans()
        self._listener = _listen(self._listener_path)

    def settle(self, control: socket.socket) -> socket.socket:
        return self._listener

    def drop_privileges(self) -> None:
        namespaces.drop_capabilities()
        limits.set_dumpable(True)

    def status(self, child: int) -> int:
        return child

    def end(self, child: int) -> None:
        """Orphans were reparented to us, so there are always children until nothing is left; but only on Linux."""
        if sys.platform != "linux":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            return
        with contextlib.suppress(ChildProcessError):
            while True:
                if self._uid is not None:
                    _kill_own_user()
                for pid in _children():
                    os.kill(pid, signal.SIGKILL)
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
                time.sleep(0.001)  # sleep: give the killed a moment to become waitable
        if self._uid is not None:
            _remove_own_files("/dev/shm")


def _remove_own_files(folder: str) -> None:
    """What our user, which nobody else is, has in a folder that everybody can write to."""
    for entry in os.scandir(folder):
        with contextlib.suppress(OSError):
            if entry.stat(follow_symlinks=False).st_uid == os.getuid():
                if entry.is_dir(follow_symlinks=False):
                    subprocess.run(["rm", "-rf", "--", entry.path], stderr=subprocess.DEVNULL)
                else:
                    os.unlink(entry.path)


def _become(uid: int | None) -> None:
    """A user and a group that own nothing and have no other process."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def _kill_own_user() -> None:
    """Every process of our user but this one, at one stroke: no fork can outrun it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def _children() -> list[int]:
    me = os.getpid()
    with open(f"/proc/{me}/task/{me}/children") as file:
        return [int(pid) for pid in file.read().split()]
