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
import time
import traceback
from typing import Any

from . import landlock, limits, namespaces, seccomp, serve, wire

CALLS_SOCKET = "/box/calls"


def supervise(link: socket.socket, control: socket.socket) -> None:
    """Runs one player to its end and reports `{"exit": status}`. Never returns."""
    limits.die_with_parent()
    config = wire.receive(link)
    if config["isolate"]:
        _leave_host(link)
    else:
        limits.adopt_orphans()
    child = os.fork()
    if child == 0:
        link.close()
        _child(control, config)
    control.close()
    for descriptor in (1, 2):
        os.close(descriptor)
    limits.set_dumpable(False)
    status = _watch(link, child)
    if not config["isolate"]:
        _kill_descendants()
    with contextlib.suppress(OSError):
        link.sendall(wire.frame({"exit": status}))
    os._exit(0)


def _leave_host(link: socket.socket) -> None:
    """Into new namespaces, where the judge maps our ids; or tells it why that cannot be, and ends."""
    try:
        namespaces.leave_host()
    except OSError as e:
        link.sendall(wire.frame({"failed": str(e.strerror)}))
        os._exit(1)
    link.sendall(wire.frame({"unshared": True}))
    wire.receive(link)


def _watch(link: socket.socket, child: int) -> int:
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([link.fileno(), ended], [], [])
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _child(control: socket.socket, config: dict[str, Any]) -> None:
    """Either the player itself, or process 1 of its pid namespace with the player as its child."""
    try:
        limits.die_with_parent()
        calls_path = CALLS_SOCKET if config["isolate"] else config["scratch"] + "/calls"
        if config["isolate"]:
            namespaces.build_root(_root(config["root"]))
        listener = _listen(calls_path)
        if config["isolate"]:
            namespaces.seal_root()
            _init_until_player_ends(control, listener)
        os.setsid()
        _confine(config)
    except Exception:
        control.sendall(wire.frame({"id": "ready", "failed": traceback.format_exc()[-2000:]}))
        os._exit(1)
    serve.serve(control, listener, calls_path, config)
    os._exit(0)


def _root(data: dict[str, Any]) -> namespaces.Root:
    pairs = {name: [(a, b) for a, b in data[name]] for name in ("binds", "symlinks")}
    return namespaces.Root(**{**data, **pairs})


def _listen(path: str) -> socket.socket:
    """The socket through which callbacks reach the judge; the judge alone accepts on it."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(256)
    return listener


def _init_until_player_ends(control: socket.socket, listener: socket.socket) -> None:
    """In process 1: fork the player and reap until it ends. Returns in the player only."""
    player = os.fork()
    if player == 0:
        return
    control.close()
    listener.close()
    for descriptor in (1, 2):
        os.close(descriptor)
    while True:
        ended, status = os.wait()
        if ended == player:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _confine(config: dict[str, Any]) -> None:
    """Last steps before student code. Raises OSError."""
    if config["isolate"]:
        namespaces.become_nobody()
        namespaces.drop_capabilities()
        limits.set_dumpable(True)
    limits.apply_rlimits(config["rlimits"])
    if config["isolate"]:
        devices = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]
        landlock.restrict(["/"], ["/tmp", "/dev/shm"], devices)
    if seccomp.supported():
        seccomp.install(config["deny_memfd"])


def _kill_descendants() -> None:
    """Without a pid namespace: everything was reparented to us, so kill children until there are none."""
    with contextlib.suppress(ChildProcessError):
        while True:
            me = os.getpid()
            with open(f"/proc/{me}/task/{me}/children") as file:
                children = [int(pid) for pid in file.read().split()]
            for pid in children:
                os.kill(pid, signal.SIGKILL)
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            time.sleep(0.001)  # sleep: give the killed a moment to become waitable
