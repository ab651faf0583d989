"""Starting a player: sockets, a cgroup, a supervisor forked by the zygote, ids mapped, the word that it is ready."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from grader.errors import InfrastructureError
from grader.player import namespaces, wire
from grader.text import clean

from . import cgroup, processes
from .configure import Enclosing, configure
from .identity import student_id
from .limits import Limits
from .network import Network
from .rungs import NAMESPACES
from .scratch import space_used_mb, temporary_folder
from .zygote import Zygote

_MOST_DESCRIPTORS = 253  # that the kernel sends with one message
_START_S = 600.0  # nothing of a student runs yet, and the machine may be busy


class Launched:
    """A running player's handles, and the way to take it down. Raises InfrastructureError when it cannot be started.

    `control` carries requests and answers, `link` leads to the supervisor, `output` is what is printed, and callbacks
    connect to `listener`. `supervisor` and `main` are pids; `main` runs the student's code.
    """

    def __init__(self, zygote: Zygote, enclosing: Enclosing, limits: Limits) -> None:
        self.limits = limits
        self._enclosing = enclosing
        self._kit = zygote.kit
        self._scratch: Path | None = None
        self.supervisor = 0
        self._resources = contextlib.ExitStack()
        try:
            self._start(zygote)
        except BaseException:
            self.close()
            raise

    def _start(self, zygote: Zygote) -> None:
        self.group = self._make_group()
        self.control, control = self._pair()
        self.link, link = self._pair()
        self.output, writing = os.pipe()
        self._resources.callback(os.close, self.output)
        with control, link:
            self.supervisor = zygote.fork(control, link, writing, writing)
            os.close(writing)
        try:
            self._introduce()
            self.listener, *sockets = self._await_ready()
            child = int(wire.receive(self.link)["child"])
        except (OSError, EOFError, wire.ProtocolError) as e:
            raise InfrastructureError(f"a player could not be started ({e or type(e).__name__})") from e
        self.main = processes.descendants(child)[-1]
        self.network = self._resources.enter_context(contextlib.closing(Network(sockets, self.limits.connections)))
        self._harness = set(processes.descendants(self.supervisor)) - {self.main}

    def _pair(self) -> tuple[socket.socket, socket.socket]:
        ours, theirs = socket.socketpair()
        ours.settimeout(_START_S)
        self._resources.callback(ours.close)
        return ours, theirs

    def _make_group(self) -> cgroup.Group | None:
        make = cgroup.group_maker()
        return None if make is None else self._resources.enter_context(cgroup.removed_at_the_end(make(self.limits)))

    def _introduce(self) -> None:
        """Sends the configuration; maps the ids of the new user namespace, which only its creator's owner can."""
        uid = student_id(self.supervisor)
        if self.group is not None:
            self.group.add(self.supervisor)
        if self._enclosing.uses_scratch:
            self._scratch = self._resources.enter_context(temporary_folder())
        config = configure(
            self._enclosing, self.limits, self._kit, self._scratch, uid=uid, in_group=self.group is not None
        )
        self.submission = config["submission"]  # as the player sees it
        self.link.sendall(wire.frame(dict(config)))
        if self._enclosing.rung == NAMESPACES:
            _refuse_failure(self._next_word())
            _map_ids(self.supervisor, uid)
            self.link.sendall(wire.frame({"mapped": True}))

    def _next_word(self) -> dict[str, Any]:
        """The supervisor's on the link; where something has gone wrong, on the control socket, before the link ends."""
        ready = select.select([self.link, self.control], [], [], _START_S)[0]
        return wire.receive(self.control if self.control in ready else self.link)

    def _await_ready(self) -> list[socket.socket]:
        """The first frame comes with the listening socket and those of the network, or says what went wrong."""
        frames = wire.FrameReader()
        data, descriptors, _, _ = socket.recv_fds(self.control, frames.wanted(), _MOST_DESCRIPTORS)
        while (message := frames.feed(data)) is None:
            data = self.control.recv(frames.wanted())
            if not data:
                raise EOFError("it ended while it was being isolated")
        _refuse_failure(message)
        return [socket.socket(fileno=descriptor) for descriptor in descriptors]

    @property
    def accounted_exactly(self) -> bool:
        """Whether `cpu_s` leaves out nothing, however short."""
        return self.group is not None

    def cpu_s(self) -> float:
        """CPU seconds of everything the player ever started."""
        return self.group.cpu_s() if self.group is not None else processes.tree_cpu_s(self.supervisor)

    def pids(self) -> list[int]:
        """Every process of the player, but none of the harness's around it."""
        return [pid for pid in self._everyone() if pid not in self._harness]

    def _everyone(self) -> list[int]:
        return self.group.pids() if self.group is not None else processes.descendants(self.supervisor)

    def wants_processor(self) -> bool:
        """Whether anything of it, or of the harness around it, has a processor or is in line for one."""
        return processes.wants_processor(self._everyone())

    def tasks(self) -> list[processes.Task]:
        """Every living thread of its processes."""
        return list(processes.tasks(self.pids()))

    def others(self) -> list[int]:
        """Living processes of the player besides the main one."""
        return sorted({task.pid for task in processes.tasks(self.pids())} - {self.main})

    def out_of_memory(self) -> bool:
        """Whether the kernel has ended something of the player's for using too much memory, where that is told."""
        return self.group is not None and self.group.out_of_memory()

    def disk_mb(self) -> float:
        """What the player has written to folders of the host; its own file systems have a size and need no watch."""
        return 0.0 if self._scratch is None else space_used_mb(self._scratch)

    def _take_down(self) -> None:
        """Closing the link makes the supervisor end everything below it; its own end closes the other side.

        Where it cannot know of all, what is there now is ended by us.
        """
        left = [] if sys.platform == "linux" else self.pids()
        with contextlib.suppress(OSError):
            self.link.shutdown(socket.SHUT_WR)
            self.link.settimeout(10)
            while self.link.recv(4096):
                pass
        for pid in (self.supervisor, *left):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """First the processes, then what they used."""
        try:
            if self.supervisor:
                self._take_down()
        finally:
            self._resources.close()


def _refuse_failure(message: dict[str, Any]) -> None:
    if "failed" in message:
        raise InfrastructureError(clean(str(message["failed"]).strip()))


def _map_ids(supervisor: int, uid: int | None) -> None:
    """A judge that is root maps root, to build with, and NOBODY to an id that owns nothing; others map themselves."""
    for name, ours in (("setgroups", None), ("uid_map", os.getuid()), ("gid_map", os.getgid())):
        as_root = f"0 0 1\n{namespaces.NOBODY} {uid} 1"
        text = "deny" if ours is None else f"{namespaces.NOBODY} {ours} 1" if uid is None else as_root
        with open(f"/proc/{supervisor}/{name}", "w") as file:
            file.write(text)
