"""Starting a player: sockets, a cgroup, a supervisor forked by the zygote, ids mapped, the word that it is ready."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from typing import Any

from grader.errors import InfrastructureError
from grader.player import namespaces, wire
from grader.player.serve import SUBMISSION
from grader.text import clean

from . import cgroup, processes
from .limits import Limits
from .scratch import temporary_folder
from .zygote import Zygote

STUDENT_UID = 987_654  # what NOBODY inside is on the host when the judge is root: owns nothing
_START_S = 60.0


class Launched:
    """A running player's handles, and the way to take it down. Raises InfrastructureError when it cannot be started.

    `control` carries requests and answers, `link` leads to the supervisor, `output` is what is printed, and callbacks
    connect to `listener`. `supervisor` and `main` are pids; `main` runs the student's code.
    """

    def __init__(self, zygote: Zygote, config: dict[str, Any], limits: Limits) -> None:
        self.limits = limits
        self.isolated: bool = config["isolate"]
        self.submission: str = SUBMISSION if self.isolated else config["submission"]  # as the player sees it
        self._resources = contextlib.ExitStack()
        try:
            self._start(zygote, config)
        except BaseException:
            self.close()
            raise

    def _start(self, zygote: Zygote, config: dict[str, Any]) -> None:
        self.group = self._make_group()
        self.control, control = self._pair()
        self.link, link = self._pair()
        self.output, writing = os.pipe()
        self._resources.callback(os.close, self.output)
        with control, link:
            self.supervisor = zygote.fork(control, link, writing, writing)
            os.close(writing)
        self._resources.callback(self._take_down)
        try:
            self._introduce(config)
            self.listener = self._await_ready()
        except (OSError, EOFError, wire.ProtocolError) as e:
            raise InfrastructureError(f"a player could not be started ({e or type(e).__name__})") from e
        self.main = processes.descendants(self.supervisor)[-1]

    def _pair(self) -> tuple[socket.socket, socket.socket]:
        ours, theirs = socket.socketpair()
        ours.settimeout(_START_S)
        self._resources.callback(ours.close)
        return ours, theirs

    def _make_group(self) -> cgroup.CGroup | None:
        try:
            group = cgroup.CGroup(self.limits)
        except OSError:
            return None
        self._resources.callback(group.close)
        return group

    def _introduce(self, config: dict[str, Any]) -> None:
        """Sends the configuration; maps the ids of the new user namespace, which only its creator's owner can."""
        config = {**config, "rlimits": self.limits.rlimits(), "deny_memfd": self.group is None}
        if self.group is not None:
            self.group.add(self.supervisor)
        if self.isolated:
            config["root"] = {**config["root"], "tmp_mb": self.limits.disk_mb, "shm_mb": self.limits.disk_mb}
        else:
            config["scratch"] = str(self._resources.enter_context(temporary_folder()))
        self.link.sendall(wire.frame(config))
        if self.isolated:
            _refuse_failure(wire.receive(self.link))
            _map_ids(self.supervisor)
            self.link.sendall(wire.frame({"mapped": True}))

    def _await_ready(self) -> socket.socket:
        """The first frame comes with the listening socket, or says what went wrong."""
        frames = wire.FrameReader()
        data, descriptors, _, _ = socket.recv_fds(self.control, frames.wanted(), 1)
        while (message := frames.feed(data)) is None:
            data = self.control.recv(frames.wanted())
            if not data:
                raise EOFError("it ended while it was being isolated")
        _refuse_failure(message)
        return socket.socket(fileno=descriptors[0])

    def cpu_s(self) -> float:
        """CPU seconds of everything the player ever started."""
        return self.group.cpu_s() if self.group is not None else processes.tree_cpu_s(self.supervisor)

    def pids(self) -> list[int]:
        """Every process of the player but its supervisor."""
        everyone = self.group.pids() if self.group is not None else processes.descendants(self.supervisor)
        return [pid for pid in everyone if pid != self.supervisor]

    def _take_down(self) -> None:
        """Closing the link makes the supervisor end everything below it; its own end closes the other side."""
        with contextlib.suppress(OSError):
            self.link.shutdown(socket.SHUT_WR)
            self.link.settimeout(10)
            while self.link.recv(4096):
                pass
        with contextlib.suppress(OSError):
            os.kill(self.supervisor, signal.SIGKILL)

    def close(self) -> None:
        self._resources.close()


def _refuse_failure(message: dict[str, Any]) -> None:
    if "failed" in message:
        raise InfrastructureError(clean(str(message["failed"]).strip()))


def _map_ids(supervisor: int) -> None:
    """A judge that is root maps root, to build with, and NOBODY to an id that owns nothing; others map themselves."""
    uid, gid = os.getuid(), os.getgid()
    as_root = f"0 0 1\n{namespaces.NOBODY} {STUDENT_UID} 1"
    files = {
        "setgroups": "deny",
        "uid_map": as_root if uid == 0 else f"{namespaces.NOBODY} {uid} 1",
        "gid_map": as_root if uid == 0 else f"{namespaces.NOBODY} {gid} 1",
    }
    for name, text in files.items():
        with open(f"/proc/{supervisor}/{name}", "w") as file:
            file.write(text)
