"""gevent in the player: a hub whose time is the judge's, with real sockets, and callbacks that let other greenlets run.

    on_judged_hub(lambda: student.fetch_all(addresses, limit, timeout))

There, every timer is an open call, `timer(seconds)`, of the judge's: it goes off when that is answered. So when nothing
in the sandbox can move, nothing will, until the judge answers something; in `VirtualTime`, all moments are exact.

Imported with gevent, before a student's file is. What is used later is bound here.
"""

from __future__ import annotations

import _socket
import os
import sys
import time
from collections.abc import Callable
from gc import get_objects
from random import Random
from select import POLLIN, POLLOUT, poll
from sys import _getframe
from types import FrameType
from typing import Any

import gevent  # type: ignore[import-untyped]
import gevent.hub  # type: ignore[import-untyped]
from gevent import monkey
from gevent.monkey import _patch_thread_common  # type: ignore[import-untyped]
from greenlet import greenlet as _greenlet  # type: ignore[import-untyped]

from . import wire
from .callbacks import Callback, DirectCallback, outcome_of
from .schedules.hub import HubLoop, Watcher

_STARTS = ("_thread.start_new_thread", "_thread.start_joinable_thread")
_READ, _WRITE = 1, 2  # as gevent counts
_MOST_EVENTS = 100  # that are told together
_get_hub, _set_hub, _Hub, _getcurrent = gevent.get_hub, gevent.hub.set_hub, gevent.hub.Hub, gevent.getcurrent
_eventfd, _EFD_NONBLOCK, _eventfd_read, _eventfd_write = os.eventfd, os.EFD_NONBLOCK, os.eventfd_read, os.eventfd_write
_close = os.close
_judged: list[Any] = []  # hubs in the judge's time that are running
_Socket, _FrameReader, _Random = _socket.socket, wire.FrameReader, Random


def _nothing_found(*args: Any, **options: Any) -> tuple[set[Any], set[Any]]:
    return set(), set()


# Patching looks through all objects that there are, for locks that are held and for who uses `ssl`. In a player that is
# refused (`boundary`), and nobody holds a lock when a student's file is loaded.
_patch_thread_common._patch_existing_locks = _nothing_found
monkey._find_module_refs = _nothing_found


class OpenCall:
    """A call of the judge's that is under way, while others may run."""

    def __init__(self, callback: Callback, args: tuple[Any, ...], task: str = "") -> None:
        self._reader: wire.FrameReader = _FrameReader()
        self._sock = _Socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self._sock.connect(callback.path)
        self._sock.sendall(callback.request(args, task))

    @property
    def descriptor(self) -> int:
        return self._sock.fileno()

    def read(self) -> dict[str, Any] | None:
        """What can be read now: the judge's reply, if that is all of it."""
        data = self._sock.recv(self._reader.wanted())
        if not data:
            raise ConnectionError("the judge hung up")
        return self._reader.feed(data)

    def hang_up(self) -> None:
        self._sock.close()


class GreenCallback(Callback):
    """`callback(*args)`: the same for greenlets, of which others run meanwhile. Killing the caller hangs up."""

    def __call__(self, *args: Any) -> Any:
        call = OpenCall(self, args, f"greenlet {id(_getcurrent())}")
        hub = _get_hub()
        watcher = hub.loop.io(call.descriptor, _READ)
        try:
            reply = None
            while reply is None:
                hub.wait(watcher)
                reply = call.read()
            return outcome_of(reply)
        finally:
            watcher.close()
            call.hang_up()


class GreenLog:
    """`log(*event)` tells the judge of what happens; `log.wait(seconds)` lets others run until that much time is over.

    Both are calls `name(events, seconds)`: the events since the last one, which lasts so long. Where nobody waits so,
    they are told before anybody has to wait on the judged hub, and by `tell` at the end: so each at its virtual moment.
    """

    def __init__(self, name: str) -> None:
        self._ask, self._wait = DirectCallback(name), GreenCallback(name)
        self._events: list[list[Any]] = []
        _get_hub().loop.before_waiting.append(self.tell)

    def __call__(self, *event: Any) -> None:
        self._events.append([*event])
        if len(self._events) >= _MOST_EVENTS:
            self.tell()

    def wait(self, seconds: float) -> None:
        self._wait(self._taken(), seconds)

    def tell(self) -> None:
        if self._events:
            self._ask(self._taken(), 0)

    def _taken(self) -> list[list[Any]]:
        events, self._events = self._events, []
        return events


class _Ready(Watcher):
    """A descriptor that is to be read from or written to."""

    callback: Callable[..., Any] | None = None
    args: tuple[Any, ...] = ()
    _passes_events = False  # whether the callback is told what has happened

    def __init__(self, loop: JudgedHubLoop, descriptor: int, events: int) -> None:
        self._loop, self.fd, self.events = loop, descriptor, events
        self.active = False

    def start(self, callback: Callable[..., Any], *args: Any, pass_events: bool = False, **options: Any) -> None:
        self.callback, self.args, self.active = callback, args, True
        self._passes_events = pass_events
        self._loop.watch(self)

    def stop(self) -> None:
        self.callback, self.args, self.active = None, (), False
        self._loop.forget(self)

    close = stop

    def happened(self, events: int) -> None:
        if self.callback is not None:
            self.callback(*((events,) if self._passes_events else ()), *self.args)


class _Timer(_Ready):
    """Goes off when the judge answers."""

    def __init__(self, loop: JudgedHubLoop, after: float) -> None:
        super().__init__(loop, -1, _READ)
        self._after = max(0.0, after)
        self._call: OpenCall | None = None

    def start(self, callback: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.stop()
        self._call = OpenCall(Callback("timer"), (self._after,))
        self.fd = self._call.descriptor
        super().start(callback, *args)

    again = start

    def stop(self) -> None:
        super().stop()
        if self._call is not None:
            self._call.hang_up()

    close = stop

    def happened(self, events: int) -> None:
        callback, args = self.callback, self.args
        if callback is not None and self._call is not None and self._call.read() is not None:
            self.stop()
            callback(*args)


class _Async(_Ready):
    """Happens when any thread says so."""

    def __init__(self, loop: JudgedHubLoop) -> None:
        self._descriptor = _eventfd(0, _EFD_NONBLOCK)
        super().__init__(loop, self._descriptor, _READ)

    def send(self, *ignored: Any) -> None:
        _eventfd_write(self._descriptor, 1)

    send_ignoring_arg = send  # type: ignore[assignment]

    def happened(self, events: int) -> None:
        _eventfd_read(self._descriptor)
        super().happened(events)

    def close(self) -> None:
        self.stop()
        if self._descriptor >= 0:
            _close(self._descriptor)
            self._descriptor = -1


class JudgedHubLoop(HubLoop):
    """Waits for sockets alone, and for as long as it takes.

    `order` is by which chance it chooses among greenlets that are ready; 0: the one that has been ready for longest.
    """

    def __init__(self, order: int) -> None:
        super().__init__()
        self._chance = _Random(order) if order else None
        self._watched: list[_Ready] = []
        self.before_waiting: list[Callable[[], None]] = []

    def now(self) -> float:
        return _judged_time()

    def io(self, descriptor: int, events: int, *args: Any, **options: Any) -> _Ready:
        return _Ready(self, descriptor, events)

    def timer(self, after: float, *options: Any, **more: Any) -> _Timer:
        return _Timer(self, after)

    def async_(self, *options: Any, **more: Any) -> _Async:
        return _Async(self)

    def _any_of(self, number: int) -> int:
        return 0 if self._chance is None else self._chance.randrange(number)

    def watch(self, watcher: _Ready) -> None:
        if watcher not in self._watched:
            self._watched.append(watcher)

    def forget(self, watcher: _Ready) -> None:
        self._watched = [other for other in self._watched if other is not watcher]

    def run(self, *options: Any, **more: Any) -> None:
        """For good: that nothing is left to wait for is for the judge to see."""
        while True:
            for _ in range(len(self._ready)):
                self._call_one()
            if not self._ready:
                self._say_what_is_to_be_said()
            self._look(None if not self._ready else 0)

    def _say_what_is_to_be_said(self) -> None:
        for say in self.before_waiting:
            say()

    def _look(self, timeout: int | None) -> None:
        asked = poll()
        wanted: dict[int, int] = {}
        for watcher in self._watched:
            wanted[watcher.fd] = wanted.get(watcher.fd, 0) | watcher.events
        for descriptor, events in wanted.items():
            asked.register(descriptor, bool(events & _READ) * POLLIN | bool(events & _WRITE) * POLLOUT)
        found = dict(asked.poll(timeout))
        for watcher in [*self._watched]:
            if events := self._concerns(watcher, found.get(watcher.fd, 0)):
                watcher.happened(events)

    @staticmethod
    def _concerns(watcher: _Ready, found: int) -> int:
        """Which of what it waits for has happened. Trouble with a descriptor concerns whoever waits for it."""
        if found & ~(POLLIN | POLLOUT):
            return watcher.events
        return watcher.events & (bool(found & POLLIN) * _READ | bool(found & POLLOUT) * _WRITE)


def on_judged_hub(function: Callable[[], Any], order: int = 0) -> Any:
    """What `function` returns, run in a hub of its own."""
    outer = _get_hub()
    hub = _Hub(loop=JudgedHubLoop(order), default=None)
    hub.handle_error = lambda *about: None  # what a greenlet ends of is its own affair, not for standard error
    _set_hub(hub)
    _judged.append(hub)
    try:
        return function()
    finally:
        _judged.pop()
        _set_hub(outer)


def keep_judged_time() -> None:
    """Has Python's clocks ask the judge on such a hub, by a callback `clock`, for code that reckons with them.

    Elsewhere they go on as ever. To be called at the top of a scenario, before the student's file takes what it uses.
    """
    time.monotonic, time.time, time.perf_counter = map(_judged_or, (time.monotonic, time.time, time.perf_counter))


def _judged_or(clock: Callable[[], float]) -> Callable[[], float]:
    return lambda: _judged_time() if _judged else clock()


def _judged_time() -> float:
    return float(DirectCallback("clock")())


def greenlets() -> int:
    """How many have begun, or are going to, and have not ended, besides hubs and what hubs are switched to from."""
    return sum(
        isinstance(thing, _greenlet)
        and not isinstance(thing, _Hub)
        and thing.parent is not None
        and bool(thing)  # of gevent's, also one that is started and has not begun
        for thing in get_objects()
    )


def lines_that_start_threads(file: str) -> list[int]:
    """A list that gets, from now on, the line of this file that was at work whenever a thread is started."""
    lines: list[int] = []

    def note(event: str, arguments: object) -> None:
        if event in _STARTS:
            frame: FrameType | None = _getframe()
            while frame is not None and frame.f_code.co_filename.rpartition("/")[2] != file:
                frame = frame.f_back
            lines.append(frame.f_lineno if frame is not None else 0)

    sys.addaudithook(note)
    return lines
