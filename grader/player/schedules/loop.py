"""An event loop in virtual time: it waits under the scheduler, so that time passes only when nothing is ready.

Student code has the loop in its hands: so nothing of it leads to the scheduler, which keeps what is told afterwards.

The order of callbacks is asyncio's own, as `call_soon` documents it. Left open by asyncio, and so chosen at random but
in the plain schedule: in which order timers fire that are due at the same moment.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import heapq
import itertools
import os
import sys
from collections.abc import Coroutine
from types import FrameType
from typing import Any

from .scheduler import ControlledThread, Scheduler, current

_PASSES = 20_000
_all_tasks = asyncio.all_tasks
_ASYNCIO, _EXECUTORS = (os.path.dirname(str(module.__file__)) for module in (asyncio, concurrent.futures))


class _LoopTimer(asyncio.TimerHandle):
    """Ordered by time and, at the same time, by `tie`."""

    __slots__ = ("tie",)
    tie: float

    def __lt__(self, other: Any) -> bool:
        return (self._when, self.tie) < (other._when, other.tie)  # type: ignore[attr-defined]


class _Future(asyncio.Future):  # type: ignore[type-arg]
    """Has its place in sets by a number of its own and not by its address, so that a schedule can be repeated.

    Python promises no order of sets, so the numbers are random but in the plain schedule: there they are all 0, which
    puts the few of a small set in the order in which they came.
    """

    def __init__(self, *, loop: VirtualLoop) -> None:
        super().__init__(loop=loop)
        self._place = loop.next_place()

    def __hash__(self) -> int:
        return self._place


class _LoopTask(asyncio.Task):  # type: ignore[type-arg]
    """The same for tasks, which are what `asyncio.wait` gives back in sets."""

    def __init__(self, coroutine: Any, *, loop: VirtualLoop, **options: Any) -> None:
        self._place = loop.next_place()
        super().__init__(coroutine, loop=loop, **options)

    def __hash__(self) -> int:
        return self._place


class _Waiting:
    """What a loop's thread waits for when nothing is ready."""

    name, writes = "event loop", False

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop

    def __str__(self) -> str:
        return "its event loop, in which nothing is ready"


class VirtualLoop(asyncio.BaseEventLoop):
    """Has timers, tasks, executors and `call_soon_threadsafe`, but no sockets and no pipes."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        _here()[1].has_chance = True
        self._clock_resolution = 1e-9
        self._waiting = _Waiting(self)
        self._ties = itertools.count()
        self.set_task_factory(lambda loop, coroutine, **options: _LoopTask(coroutine, loop=self, **options))
        self._passes = 0

    # ------------------------------------------------------------------ what BaseEventLoop asks of a loop

    def time(self) -> float:
        return _here()[1].now

    def run_forever(self) -> None:
        me, _ = _here()
        me.runs_a_loop = True
        try:
            super().run_forever()
        finally:
            me.runs_a_loop = False

    def select(self, timeout: float | None) -> list[Any]:
        me, scheduler = _here()
        self._passes += 1
        if self._passes > _PASSES:
            scheduler.livelock(me, f"the event loop went round {_PASSES:,} times")
        if timeout is not None and timeout <= 0:
            if len(scheduler.threads) > 1:
                scheduler.point(me, self._waiting)
            return []
        until = None if timeout is None else self._scheduled[0]._when  # type: ignore[attr-defined]
        scheduler.block(me, self._waiting, until)
        return []

    def _process_events(self, events: Any) -> None:
        pass

    def _write_to_self(self) -> None:
        if (me := current()) is not None:
            me.scheduler.wake(self._waiting)

    # ------------------------------------------------------------------ what differs

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> _LoopTimer:  # type: ignore[override]
        self._check_closed()  # type: ignore[attr-defined]
        timer = _LoopTimer(when, callback, args, self, context)
        randomly = _here()[1].randomly
        timer.tie = next(self._ties) if randomly is None else randomly.random()
        heapq.heappush(self._scheduled, timer)  # type: ignore[attr-defined]
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def create_task(self, coroutine: Coroutine[Any, Any, Any], **options: Any) -> asyncio.Task[Any]:  # type: ignore[override]
        task = super().create_task(coroutine, **options)
        tasks = _here()[1].tasks
        tasks.append(task)
        if options.get("name") is None:
            task.set_name(f"Task-{len(tasks)}")  # counted anew in each schedule; 3.13.0 would call it "None"
        return task

    def create_future(self) -> asyncio.Future[Any]:
        return _Future(loop=self)

    def next_place(self) -> int:
        """For a future or a task in sets."""
        randomly = _here()[1].randomly
        return 0 if randomly is None else randomly.getrandbits(60)


def _here() -> tuple[ControlledThread, Scheduler]:
    """The thread that asks, and its scheduler: a loop is of use to controlled threads only."""
    me = current()
    assert me is not None
    return me, me.scheduler


def waiting_tasks(loop: VirtualLoop, scheduler: Scheduler) -> list[asyncio.Task[Any]]:
    unknown = [task for task in _all_tasks(loop) if task not in scheduler.tasks]  # made without the loop
    return [task for task in [*scheduler.tasks, *unknown] if task.get_loop() is loop and not task.done()]


def note_blocking(me: ControlledThread, what: str, lasted: bool = False) -> None:
    """The student's code is about to wait without `await`: where a loop runs in this thread, all of it stands still.

    What asyncio waits for inside itself it knows how to wait for. Executors wait for a moment here and there: what is
    waited for in these counts where it `lasted`, when time has passed.
    """
    if not me.runs_a_loop:
        return
    frame: FrameType | None = sys._getframe(1)
    in_executors = False
    while frame is not None and not frame.f_code.co_filename.startswith(_ASYNCIO):
        in_executors = in_executors or frame.f_code.co_filename.startswith(_EXECUTORS)
        if frame.f_code.co_filename in me.scheduler.files:
            if in_executors == lasted:
                me.scheduler.blocked.append(f"{what} (line {frame.f_lineno})")
            return
        frame = frame.f_back


async def latency(seconds: float) -> None:
    """The harness's own I/O: that long in the plain schedule, and up to ten times as long in the others."""
    me: ControlledThread | None = current()
    randomly = me.scheduler.randomly if me is not None else None
    await asyncio.sleep(seconds if randomly is None else seconds * (1 + 9 * randomly.random()))
