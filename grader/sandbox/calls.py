"""The judge-side server: calls of harness callbacks, counted while in flight and held until the judge answers them."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import selectors
import socket
import struct
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from grader.player import wire

_SO_PASSRIGHTS = 83
_SOL_LOCAL, _LOCAL_PEERPID = 0, 2  # XNU's bsd/sys/un.h
MAX_OPEN = 512
MAX_CALLS = 10_000
_REPLY_LIMIT = 96 * 1024  # fits a socket's buffer, so answering never blocks the judge
_REQUEST_LIMIT = 64 * 1024
_KEPT_LIMIT = 24 << 20  # bytes of memory that the arguments of one run take here
_MESSAGE_LIMIT = 2000
_WITHOUT_PARTS = frozenset({bool, int, float, str, bytes})


@dataclass(eq=False, slots=True)
class Call:
    """One call of a callback. Times are the policy's (virtual seconds or steps); `ended` is None while it is open.

    `pid` is attested by the kernel; `thread` and `task` are the caller's own word. `opened` and `closed` number the
    events of a run in the order the judge saw them, which tells apart what happened at the same virtual time.
    """

    name: str
    args: list[Any]
    pid: int
    thread: int
    task: str
    began: float = 0.0
    ended: float | None = None
    failed: bool = False
    abandoned: bool = False
    opened: int = 0
    closed: int | None = None
    _connection: socket.socket | None = field(default=None, repr=False)
    _events: Iterator[int] = field(default_factory=itertools.count, repr=False)

    @property
    def open(self) -> bool:
        return self.ended is None

    def end(self, now: float) -> None:
        self.ended, self.closed = now, next(self._events)

    def answer(self, value: object, now: float) -> None:
        """The student's side gets `value`, or an OverflowError if it asked for something too large to be sent."""
        try:
            reply = wire.frame({"value": wire.encode(value)}, _REPLY_LIMIT)
        except wire.TooBigError as e:
            self.fail(OverflowError(f"the answer cannot be handed over: {e}"), now)
        else:
            self._send(reply, now)

    def fail(self, error: BaseException, now: float) -> None:
        """The student's side raises `error`, which must be of a built-in type."""
        self.failed = True
        said = {"type": type(error).__name__, "message": str(error)[:_MESSAGE_LIMIT]}
        self._send(wire.frame({"raise": said}), now)

    def _send(self, reply: bytes, now: float) -> None:
        self.end(now)
        assert self._connection is not None
        try:
            self._connection.send(reply)
        except OSError:
            self.abandoned = True


class CallPolicy(Protocol):
    """Decides when each call is answered, and keeps the clock that calls are dated by.

    `patience_s`: how long a wait with a time-out must last before it counts as a wait for an answer. `holds`: whether
    the judge has something to do when all is quiet, besides answering calls. Waits that last longer than `seldom_s`
    count at once.
    """

    patience_s: float
    seldom_s: float

    @property
    def now(self) -> float: ...

    @property
    def holds(self) -> bool: ...

    def arrived(self, call: Call) -> None:
        """A call has begun. It may be answered now or later."""

    def abandoned(self, call: Call) -> None:
        """The caller hung up before the answer: it was cancelled, or it ended."""

    def when_quiet(self) -> bool:
        """Every task of the sandbox is blocked until something is answered: answer. False if there is nothing to."""


class CallServer:
    """Accepts connections on the player's own socket and turns them into calls."""

    def __init__(self, listener: socket.socket, selector: selectors.BaseSelector) -> None:
        listener.setblocking(False)
        self._listener = listener
        self._selector = selector
        self._connections: set[socket.socket] = set()
        self.calls: list[Call] = []
        self.policy: CallPolicy | None = None
        self._events: Iterator[int] = itertools.count()
        self._accepted = self._kept = 0
        self.refused = ""
        selector.register(listener, selectors.EVENT_READ, self._accept)

    def begin(self, policy: CallPolicy) -> None:
        """A new run: its calls are decided by `policy`."""
        self.calls, self.policy, self._events = [], policy, itertools.count()
        self._accepted = self._kept = 0

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(False)
        refuse_descriptors(connection)
        self._accepted += 1
        if len(self._connections) >= MAX_OPEN or self._accepted > MAX_CALLS:
            self.refused = f"more than {MAX_OPEN} calls open at once, or more than {MAX_CALLS:,} calls"
            connection.close()
            return
        self._connections.add(connection)
        reader = _CallReader(self, connection, _peer_of(connection))
        self._selector.register(connection, selectors.EVENT_READ, reader.readable)

    def opened(self, call: Call) -> None:
        assert self.policy is not None
        self._kept += memory_of(call.args)
        if self._kept > _KEPT_LIMIT:
            self.refused = f"calls whose arguments take more than {_KEPT_LIMIT >> 20} MiB of memory"
            return
        self.calls.append(call)
        call._events = self._events
        call.opened, call.began = next(self._events), self.policy.now
        self.policy.arrived(call)

    def closed(self, connection: socket.socket, call: Call | None) -> None:
        self._selector.unregister(connection)
        self._connections.discard(connection)
        connection.close()
        if call is not None and call.open:
            assert self.policy is not None
            call.end(self.policy.now)
            call.abandoned = True
            self.policy.abandoned(call)

    def unread_answers(self) -> bool:
        """Whether anything we sent has not been read yet: then somebody is about to wake."""
        return any(unread_bytes(connection) > 0 for connection in self._connections)

    def close(self) -> None:
        for connection in list(self._connections):
            self.closed(connection, None)
        self._selector.unregister(self._listener)
        self._listener.close()


class _CallReader:
    """One connection: its request, then silence until the caller hangs up."""

    def __init__(self, server: CallServer, connection: socket.socket, pid: int) -> None:
        self._server, self._connection, self._pid = server, connection, pid
        self._frames = wire.FrameReader(_REQUEST_LIMIT)
        self._call: Call | None = None

    def readable(self) -> None:
        try:
            data = self._connection.recv(min(65536, self._frames.wanted()))
            if not data or self._call is not None:
                self._server.closed(self._connection, self._call)
                return
            message = self._frames.feed(data)
            if message is not None:
                self._call = _parse_call(message, self._pid, self._connection)
                self._server.opened(self._call)
        except (OSError, wire.ProtocolError):
            self._server.closed(self._connection, self._call)


def _parse_call(message: dict[str, Any], pid: int, connection: socket.socket) -> Call:
    name, args, thread, task = (message.get(key) for key in ("name", "args", "thread", "task"))
    if type(name) is not str or type(args) is not list or type(thread) is not int or type(task) is not str:
        raise wire.ProtocolError("malformed call")
    return Call(name[:80], wire.decode(args), pid, thread, task[:80], _connection=connection)


def memory_of(value: object) -> int:
    """About how many bytes a decoded value takes: a short text of JSON can be a hundred times as large here."""
    total, rest = sys.getsizeof(value), [value]
    while rest:
        parts = _parts_of(rest.pop())
        total += sum(map(sys.getsizeof, parts))
        rest += [part for part in parts if part and type(part) not in _WITHOUT_PARTS]
    return total


def _parts_of(value: Any) -> list[Any]:
    if isinstance(value, wire.RemoteException):
        return [value.type_name, value.message, value.bases, value.places]
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else []


def _peer_of(connection: socket.socket) -> int:
    """The process at the other end, as the kernel says."""
    if sys.platform != "linux":
        return connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERPID)
    pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(pid)


def refuse_descriptors(connection: socket.socket) -> None:
    """No open files with messages, where the kernel can refuse them (Linux 6.16): closing one may take its time."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, _SO_PASSRIGHTS, 0)


def unread_bytes(connection: socket.socket) -> int:
    """How much of what we sent on a local socket the other side has not read yet; 0 where that is not told."""
    if sys.platform != "linux":
        return 0
    count = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
    return int(struct.unpack("i", count)[0])
