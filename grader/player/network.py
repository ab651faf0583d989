"""Real TCP connections between the judge and the student's code.

A socket stays for good in the network namespace that it was made in. So the player makes them before the student's file
is there, and hands them over: with its clients the judge connects to a server of the student's from outside, and at its
servers it accepts those whom the student's code connects. What is sent goes in small segments and waits in small
buffers: so little is needed to fill them.

A late server lets nobody in: there is no place in its queue, and the kernel leaves unanswered whoever connects. The
judge can `meet` a visitor all the same, whenever it likes: by a socket of the server's address that connects to the
visitor's. Of two ends that connect to each other TCP makes one connection, as if the visitor had just been accepted.
"""

from __future__ import annotations

import errno
import select
import socket
import sys

SERVERS = 16  # that the judge gets, besides its clients
LATE_SERVERS = 8  # besides these, or none where the system makes no connection so
_SEGMENT, _BUFFER = 1400, 32 << 10  # bytes
_BACKLOG = 512
_KERNEL_MS = 10_000  # it needs a few thousandths of one
_SOCK_DIAG = 4

_students: socket.socket | None = None


def make_sockets(clients: int) -> list[socket.socket]:
    """For the judge: a socket to ask the kernel about the others, where there is one; clients, not connected yet;
    SERVERS that listen, the student's listener, and late servers. Raises OSError.
    """
    global _students  # noqa: PLW0603 - one player a process
    _students = _listening()
    own = [*(_small() for _ in range(clients)), *(_listening() for _ in range(SERVERS)), _students]
    return [*_diagnostic(), *own, *_late()]


def _diagnostic() -> list[socket.socket]:
    if sys.platform != "linux":
        return []
    return [socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG)]


def _listening() -> socket.socket:
    server = _small()
    server.bind(("127.0.0.1", 0))
    server.listen(_BACKLOG)
    return server


def _late() -> list[socket.socket]:
    """Tried once: they are of no use where nobody can be met at them."""
    if sys.platform != "linux":
        return []
    servers = [_without_room() for _ in range(LATE_SERVERS)]
    with _small() as visitor, _small() as host:
        visitor.setblocking(False)
        waits = visitor.connect_ex(servers[0].getsockname()) == errno.EINPROGRESS
        possible = waits and meet(host, servers[0].getsockname(), visitor.getsockname())
    return servers if possible else []


def _without_room() -> socket.socket:
    server = _small()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    with socket.socket() as first:
        first.connect(server.getsockname())  # has the only place, and is never accepted
    return server


def meet(host: socket.socket, here: tuple[str, int], visitor: tuple[str, int]) -> bool:
    """Connects a new socket from the address of a late server to a visitor that waits there; whether that was possible.

    It is the kernel alone that has to do something for that.
    """
    host.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    host.setblocking(False)
    try:
        host.bind(here)
    except OSError:
        return False
    if host.connect_ex(visitor) not in (0, errno.EINPROGRESS):
        return False
    asked = select.poll()
    asked.register(host, select.POLLOUT)
    return bool(asked.poll(_KERNEL_MS)) and not host.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


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
