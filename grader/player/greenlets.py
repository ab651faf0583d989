"""gevent in the player: a hub whose time is the judge's, with real sockets, and callbacks that let other greenlets run.

    on_judged_hub(lambda: student.fetch_all(addresses, limit, timeout))

There, every timer is an open call, `timer(seconds)`, of the judge's: it goes off when that is answered. So when nothing
in the sandbox can move, nothing will, until the judge answers something; in `VirtualTime`, all moments are exact.

Imported with gevent, before a student's file is. What is used later is bound here.
"""

from __future__ import annotations

import _socket
from collections.abc import Callable
from select import POLLIN, POLLOUT, poll
from typing import Any

import gevent  # type: ignore[import-untyped]
import gevent.hub  # type: ignore[import-untyped]
from gevent import monkey
from gevent.monkey import _patch_thread_common  # type: ignore[import-untyped]

from . import wire
from .callbacks import Callback, outcome_of
from .schedules.hub import HubLoop, Watcher

_READ, _WRITE = 1, 2  # as gevent counts
_get_hub, _set_hub, _Hub, _getcurrent = gevent.get_hub, gevent.hub.set_hub, gevent.hub.Hub, gevent.getcurrent
_Socket, _FrameReader = _socket.socket, wire.FrameReader


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


class _Ready(Watcher):
    """A descriptor that is to be read from or written to."""

    callback: Callable[..., Any] | None = None
    args: tuple[Any, ...] = ()

    def __init__(self, loop: JudgedHubLoop, descriptor: int, events: int) -> None:
        self._loop, self.fd, self.events = loop, descriptor, events
        self.active = False

    def start(self, callback: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.callback, self.args, self.active = callback, args, True
        self._loop.watch(self)

    def stop(self) -> None:
        self.callback, self.args, self.active = None, (), False
        self._loop.forget(self)

    close = stop

    def happened(self) -> None:
        if self.callback is not None:
            self.callback(*self.args)


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

    def happened(self) -> None:
        callback, args = self.callback, self.args
        if callback is not None and self._call is not None and self._call.read() is not None:
            self.stop()
            callback(*args)


class JudgedHubLoop(HubLoop):
    """Waits for sockets alone, and for as long as it takes."""

    def __init__(self) -> None:
        super().__init__()
        self._watched: list[_Ready] = []

    def io(self, descriptor: int, events: int, *args: Any, **options: Any) -> _Ready:
        return _Ready(self, descriptor, events)

    def timer(self, after: float, *options: Any, **more: Any) -> _Timer:
        return _Timer(self, after)

    def watch(self, watcher: _Ready) -> None:
        if watcher not in self._watched:
            self._watched.append(watcher)

    def forget(self, watcher: _Ready) -> None:
        self._watched = [other for other in self._watched if other is not watcher]

    def run(self, *options: Any, **more: Any) -> None:
        """Until nothing is left: the hub then ends the main greenlet with LoopExit."""
        while self._ready or self._watched:
            for _ in range(len(self._ready)):
                self._call_one()
            self._look(None if not self._ready else 0)

    def _look(self, timeout: int | None) -> None:
        asked = poll()
        wanted: dict[int, int] = {}
        for watcher in self._watched:
            wanted[watcher.fd] = wanted.get(watcher.fd, 0) | watcher.events
        for descriptor, events in wanted.items():
            asked.register(descriptor, bool(events & _READ) * POLLIN | bool(events & _WRITE) * POLLOUT)
        found = dict(asked.poll(timeout)) if wanted else {}
        for watcher in [*self._watched]:
            if self._concerns(watcher, found.get(watcher.fd, 0)):
                watcher.happened()

    @staticmethod
    def _concerns(watcher: _Ready, found: int) -> bool:
        """Trouble with a descriptor concerns whoever waits for it."""
        trouble = found & ~(POLLIN | POLLOUT)
        readable, writable = found & POLLIN and watcher.events & _READ, found & POLLOUT and watcher.events & _WRITE
        return bool(trouble or readable or writable)


def on_judged_hub(function: Callable[[], Any]) -> Any:
    """What `function` returns, run in a hub of its own."""
    outer = _get_hub()
    hub = _Hub(loop=JudgedHubLoop(), default=None)
    hub.handle_error = lambda *about: None  # what a greenlet ends of is its own affair, not for standard error
    _set_hub(hub)
    try:
        return function()
    finally:
        _set_hub(outer)
