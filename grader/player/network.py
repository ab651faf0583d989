"""Real TCP connections between the judge and the student's code.

A socket stays for good in the network namespace that it was made in. So the player makes them before the student's file
is there, and hands them over: with its clients the judge connects to a server of the student's from outside, and at its
servers it accepts those whom the student's code connects. What is sent goes in small segments and waits in small
buffers: so little is needed to fill them.
"""

from __future__ import annotations

import socket
import sys

SERVERS = 16  # that the judge gets, besides its clients
_SEGMENT, _BUFFER = 1400, 32 << 10  # bytes
_BACKLOG = 512
_SOCK_DIAG = 4

_students: socket.socket | None = None


def make_sockets(clients: int) -> list[socket.socket]:
    """For the judge: a socket to ask the kernel about the others, where there is one; clients, not connected yet;
    SERVERS that listen, and behind them the student's listener. Raises OSError.
    """
    global _students  # noqa: PLW0603 - one player a process
    _students = _listening()
    return [*_diagnostic(), *(_small() for _ in range(clients)), *(_listening() for _ in range(SERVERS)), _students]


def _diagnostic() -> list[socket.socket]:
    if sys.platform != "linux":
        return []
    return [socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG)]


def _listening() -> socket.socket:
    server = _small()
    server.bind(("127.0.0.1", 0))
    server.listen(_BACKLOG)
    return server


def _small() -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
    for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        sock.setsockopt(socket.SOL_SOCKET, buffer, _BUFFER)
    return sock


def keep_own(made: list[socket.socket]) -> None:
    """Once the judge has them."""
    for sock in made:
        if sock is not _students:
            sock.close()


def listener() -> socket.socket:
    """For a server of the student's: blocking, as a new one would be. The judge's clients connect to it."""
    sock = _own().dup()
    sock.setblocking(True)
    return sock


def accept() -> socket.socket:
    """The next connection of the judge's."""
    return _own().accept()[0]


def accept_stop() -> socket.socket:
    """The connection that is there first, and becomes readable when the judge says `stop`."""
    return accept()


def _own() -> socket.socket:
    assert _students is not None, "the exercise says in exercise.toml how many connections it needs"
    _students.setblocking(True)
    return _students
