"""What the kernel knows of TCP connections: whether everything that was sent on them has arrived.

It is asked through a netlink socket (sock_diag(7)) of the network namespace that the connections are in, one by one:
listing all takes it long.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_BY_FAMILY, _REQUEST, _ALL = 20, 1, 0x300
_DONE, _ERROR = 3, 2  # types of messages
_HEADER = struct.Struct("=IHHII")  # length, type, flags, sequence number, port
_ASKED = struct.Struct("=BBBBI")  # family, protocol, extensions, padding, states
_IDENTITY = struct.Struct("!HH4s12x4s12x")  # ports and addresses, this side's first
_ANY_COOKIE = struct.pack("=IQ", 0, (1 << 64) - 1)  # interface and cookie
_TOLD = struct.Struct("=xBBx48x4xII")  # as an _End has them
_ESTABLISHED, _CONNECTING, _LISTENING = 1, 2, 10
# The timers that run while something sent has not been acknowledged, and while there seems to be no room for more.
_RETRANSMISSION, _PROBE = 1, 4
_LARGEST = 64 << 10  # bytes of one answer
_AT_ONCE = 50  # so many answers fit into the socket's buffer

Address = tuple[str, int]


class Connection(NamedTuple):
    """Its two ends."""

    here: Address
    there: Address


class _End(NamedTuple):
    """`unread`: bytes received that nobody has read yet. `unacknowledged`: bytes sent that may still be under way."""

    state: int
    timer: int
    unread: int
    unacknowledged: int


Ends = tuple[_End, ...]
_NO_END = _End(0, 0, 0, 0)


def under_way(diag: socket.socket, connections: Iterable[Connection]) -> bool:
    """Whether something sent on one of them, the end of it included, has not arrived. Raises OSError."""
    told = ends_of(diag, connections)
    return any(_moves(one, other) for one, other in zip(told[::2], told[1::2], strict=True))


def ends_of(diag: socket.socket, connections: Iterable[Connection]) -> Ends:
    """As they are at this moment, two of each. Raises OSError."""
    ends = [end for here, there in connections for end in ((here, there), (there, here))]
    return tuple(end for first in range(0, len(ends), _AT_ONCE) for end in _ask(diag, ends[first : first + _AT_ONCE]))


def connecting(diag: socket.socket) -> list[Connection]:
    """All that have been begun, and not been answered. Raises OSError."""
    asked = _ASKED.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 1 << _CONNECTING)
    length = _HEADER.size + len(asked) + _IDENTITY.size + len(_ANY_COOKIE)
    diag.send(_HEADER.pack(length, _BY_FAMILY, _REQUEST | _ALL, 0, 0) + asked + bytes(_IDENTITY.size) + _ANY_COOKIE)
    found: list[Connection] = []
    while True:
        for kind, message in _messages(diag.recv(_LARGEST)):
            if kind == _DONE:
                return found
            if kind == _ERROR:
                raise OSError("the kernel does not list connections")
            here, there, here_host, there_host = _IDENTITY.unpack_from(message, _HEADER.size + 4)
            found.append(Connection((socket.inet_ntoa(here_host), here), (socket.inet_ntoa(there_host), there)))


def _messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    while answer:
        length, kind, *_ = _HEADER.unpack_from(answer)
        yield kind, answer[:length]
        answer = answer[(length + 3) & ~3 :]


def _moves(one: _End, other: _End) -> bool:
    """An end that has broken off is no longer there: then the other one hears of it."""
    if _is_sent(one, other) or _is_sent(other, one):
        return True
    return {one.state, other.state} == {_NO_END.state, _ESTABLISHED}


def _is_sent(sender: _End, receiver: _End) -> bool:
    """Where something lies unread, more of it tells nobody anything; and if there is no room, it is thrown away, and
    sent again and again until somebody has read.
    """
    return sender.timer in (_RETRANSMISSION, _PROBE) and not receiver.unread


def _ask(diag: socket.socket, ends: list[tuple[Address, Address]]) -> Iterator[_End]:
    diag.send(b"".join(_question(*end) for end in ends))
    for _ in ends:
        yield _parsed(diag.recv(4096))


def _question(here: Address, there: Address) -> bytes:
    asked = _ASKED.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF)
    identity = _IDENTITY.pack(here[1], there[1], socket.inet_aton(here[0]), socket.inet_aton(there[0]))
    length = _HEADER.size + len(asked) + len(identity) + len(_ANY_COOKIE)
    return _HEADER.pack(length, _BY_FAMILY, _REQUEST, 0, 0) + asked + identity + _ANY_COOKIE


def _parsed(answer: bytes) -> _End:
    """Where there is no such connection, an error is told, or whoever listens at that address."""
    if _HEADER.unpack_from(answer)[1] != _BY_FAMILY:
        return _NO_END
    end = _End(*_TOLD.unpack_from(answer, _HEADER.size))
    return _NO_END if end.state == _LISTENING else end
