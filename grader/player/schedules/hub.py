"""A gevent hub in virtual time, so that greenlets are judged as threads and coroutines are.

gevent takes any loop that has the methods below (`Hub(loop=...)`). Time passes only when no greenlet can run; which of
several ready greenlets goes first is chosen at random but in the plain schedule, as gevent promises no order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .messages import Ending
from .scheduler import ControlledThread, current

_PASSES = 50_000


class _LoopCallback:
    """A function to be called in the next pass. It counts as true until the call is over, or it is stopped."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.function: Callable[..., Any] | None = function
        self.args = args
        self._over = False

    def call(self) -> None:
        function, self.function = self.function, None
        if function is not None:
            try:
                function(*self.args)
            finally:
                self._over = True

    def stop(self) -> None:
        self.function, self._over = None, True

    close = stop

    @property
    def pending(self) -> bool:
        return self.function is not None

    def __bool__(self) -> bool:
        return not self._over


class Watcher:
    """Of what never happens: sockets in virtual time, signals, children."""

    ref = True
    active = pending = False

    def start(self, *args: Any, **options: Any) -> None:
        pass

    def stop(self) -> None:
        pass

    close = stop
    send = start

    def send_ignoring_arg(self, ignored: Any) -> None:
        pass

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _HubTimer(Watcher):
    """Calls back once, when its time has come."""

    def __init__(self, loop: VirtualHubLoop, after: float) -> None:
        self._loop, self._after = loop, max(0.0, after)
        self.due, self.active = 0.0, False
        self._call: tuple[Callable[..., Any], tuple[Any, ...]] | None = None

    def start(self, callback: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.stop()
        self._call, self.active, self.due = (callback, args), True, self._loop.now() + self._after
        self._loop.timers.append(self)

    again = start

    def stop(self) -> None:
        self.active = False
        self._loop.timers = [timer for timer in self._loop.timers if timer is not self]

    close = stop

    def fire(self) -> None:
        self.stop()
        assert self._call is not None
        callback, args = self._call
        callback(*args)


class _Idle(Watcher):
    """Calls back when those have had their turn that are ready now."""

    def __init__(self, loop: HubLoop) -> None:
        self._loop = loop
        self._callback: _LoopCallback | None = None

    def start(self, function: Callable[..., Any], *args: Any, **options: Any) -> None:
        self._callback = self._loop.run_callback(function, *args)

    def stop(self) -> None:
        if self._callback is not None:
            self._callback.stop()

    close = stop


class HubLoop:
    """What `gevent.hub.Hub` asks of a loop, but for time, and what happens when no greenlet can run."""

    approx_timer_resolution = 1e-9
    MINPRI, MAXPRI = -2, 2  # as libev has them; no watcher goes before another one here
    default = starting_timer_may_update_loop_time = False
    error_handler: Any = None

    def __init__(self) -> None:
        self._ready: list[_LoopCallback] = []

    def now(self) -> float:
        return 0.0

    def update_now(self) -> None:
        pass

    def _format(self) -> str:
        return "judged"

    update = update_now
    install_sigchld = destroy = update_now

    def closing_fd(self, descriptor: int) -> bool:
        return False

    def run_callback(self, function: Callable[..., Any], *args: Any) -> _LoopCallback:
        self._ready.append(_LoopCallback(function, args))
        return self._ready[-1]

    run_callback_threadsafe = run_callback

    def idle(self, *args: Any, **options: Any) -> _Idle:
        return _Idle(self)

    def prepare(self, *args: Any, **options: Any) -> Watcher:
        return Watcher()

    io = async_ = check = fork = signal = child = stat = prepare

    def _call_one(self) -> None:
        self._ready.pop(self._any_of(len(self._ready))).call()

    def _any_of(self, number: int) -> int:
        """Which of several that are ready goes first."""
        return 0


class VirtualHubLoop(HubLoop):
    """Time passes when no greenlet can run."""

    def __init__(self, me: ControlledThread) -> None:
        super().__init__()
        self._me = me
        self.timers: list[_HubTimer] = []
        self._passes = 0

    def now(self) -> float:
        return self._me.scheduler.now

    def timer(self, after: float, *options: Any, **more: Any) -> _HubTimer:
        return _HubTimer(self, after)

    def run(self, *options: Any, **more: Any) -> None:
        """Until nothing is left: the hub then ends the main greenlet with LoopExit."""
        scheduler = self._me.scheduler
        while self._ready or self.timers:
            self._passes += 1
            if self._passes > _PASSES:
                scheduler.livelock(self._me, f"the hub went round {_PASSES:,} times")
            if self._ready:
                self._call_one()
            else:
                self._fire_one()

    def _fire_one(self) -> None:
        due = min(timer.due for timer in self.timers)
        if due > self.now():
            self._me.scheduler.block(self._me, self, due)
        candidates = [timer for timer in self.timers if timer.due == due]
        candidates[self._any_of(len(candidates))].fire()

    def _any_of(self, number: int) -> int:
        randomly = self._me.scheduler.randomly
        return 0 if randomly is None or number == 1 else randomly.below(number)

    def __str__(self) -> str:
        return "the next timer of its hub"


def on_virtual_hub(function: Callable[[], Any]) -> Any:
    """What `function` returns, run in a hub of its own. That nothing can go on any more is a deadlock."""
    import gevent  # type: ignore[import-untyped]  # noqa: PLC0415 - no part of the standard library
    from gevent.exceptions import LoopExit  # type: ignore[import-untyped]  # noqa: PLC0415

    me = current()
    assert me is not None, "only in scenarios for schedules"
    me.scheduler.has_chance = True
    outer = gevent.get_hub()
    hub = gevent.hub.Hub(loop=VirtualHubLoop(me), default=None)
    hub.handle_error = lambda *about: None  # what a greenlet ends of is its own affair, not for standard error
    gevent.hub.set_hub(hub)
    try:
        return function()
    except LoopExit:
        return _deadlock(me)
    finally:
        gevent.hub.set_hub(outer)


def _deadlock(me: ControlledThread) -> None:
    if me.scheduler.recorder is not None:
        me.scheduler.recorder.stuck([me])
    me.scheduler.end(Ending.DEADLOCK, "no greenlet can go on")
