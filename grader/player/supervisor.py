"""The process around one player: isolates it, waits for it, and takes the whole process tree down with it.

It holds no secret and runs no student code. It ends, and everything below it, as soon as the judge closes its end of
the supervisor socket, so a killed judge leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import traceback
from typing import cast

from . import landlock, limits, mappings, network, seccomp, serve, wire
from .configuration import Configuration
from .enclosures import Enclosure, enclosure_of
from .syscalls import MACHINE

_LOOK_EVERY_S = 0.005


def supervise(link: socket.socket, control: socket.socket, of_files: list[tuple[int, int]]) -> None:
    """Runs one player to its end; reports `{"child": pid}`, then `{"exit": status}`. Never returns.

    `of_files` are the mappings of files that the player has from its zygote.
    """
    limits.die_with_parent()
    config = cast("Configuration", wire.receive(link))
    enclosure = enclosure_of(config)
    try:
        enclosure.leave_host(link)
        limits.die_with_parent()  # becoming somebody else took it away
        child = os.fork()
    except OSError as e:
        control.sendall(wire.frame({"failed": e.strerror or str(e)}))
        os._exit(1)
    if child == 0:
        link.close()
        _child(control, enclosure, config, of_files)
    control.close()
    for descriptor in (1, 2):
        os.close(descriptor)
    limits.set_dumpable(False)
    link.sendall(wire.frame({"child": child}))
    status = enclosure.status(_watch(link, child))
    enclosure.end(child)
    with contextlib.suppress(OSError):
        link.sendall(wire.frame({"exit": status}))
    os._exit(0)


def _watch(link: socket.socket, child: int) -> int:
    """The child's exit status, when it has ended by itself or the judge has closed the link."""
    if sys.platform != "linux":
        return _look_again_and_again(link, child)
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([link.fileno(), ended], [], [])
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _look_again_and_again(link: socket.socket, child: int) -> int:
    """Where the end of a process is nothing that `select` could wait for."""
    while True:
        hung_up = bool(select.select([link], [], [], _LOOK_EVERY_S)[0])
        if hung_up:
            os.kill(child, signal.SIGKILL)
        ended, status = os.waitpid(child, 0 if hung_up else os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)


def _child(
    control: socket.socket, enclosure: Enclosure, config: Configuration, of_files: list[tuple[int, int]]
) -> None:
    """Either the player itself, or process 1 of its pid namespace with the player as its child."""
    try:
        limits.die_with_parent()
        listener = enclosure.settle(control)
        os.setsid()
        sockets = network.make_sockets(config["connections"]) if config["connections"] else []
        _confine(enclosure, config)
        mappings.populate(of_files)
    except Exception:
        control.sendall(wire.frame({"failed": traceback.format_exc()[-2000:]}))
        os._exit(1)
    serve.serve(control, listener, sockets, config)
    os._exit(0)


def _confine(enclosure: Enclosure, config: Configuration) -> None:
    """Last steps before student code. Raises OSError."""
    os.environ["HOME"] = os.environ["TMPDIR"] = config["home"]
    os.chdir(config["home"])
    enclosure.drop_privileges()
    limits.be_ended_first()
    limits.apply_rlimits(config["rlimits"])
    if config["landlock"] is not None:
        landlock.restrict(**config["landlock"])
    if MACHINE:
        seccomp.install(**config["seccomp"])
