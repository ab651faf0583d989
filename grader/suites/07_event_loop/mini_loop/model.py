"""The names of `mini_loop`, made of asyncio: what it does with the same programs is what should happen.

The order of asyncio's timers that are due at the same moment is left open by its heap; here they are told apart.
"""

import asyncio
import heapq
import itertools
import math
from typing import Any

CancelledError = asyncio.CancelledError
InvalidStateError = asyncio.InvalidStateError
sleep = asyncio.sleep

_TimerHandle: Any = asyncio.TimerHandle  # what is private in there is made use of
_BaseEventLoop: Any = asyncio.BaseEventLoop


class _Timer(_TimerHandle):  # type: ignore[misc]
    __slots__ = ("number",)

    def __lt__(self, other):
        return (self._when, self.number) < (other._when, other.number)


class EventLoop(_BaseEventLoop):  # type: ignore[misc]
    """`ends`: when a run ends. asyncio's own do "late", a turn after their future is done."""

    ends = "late"

    def __init__(self, time, wait, report):
        super().__init__()
        self._selector = self
        self._numbers = itertools.count()
        self._until = None
        self.time, self._wait = time, wait
        self.set_exception_handler(lambda _, context: "handle" in context and report(context["exception"]))

    @property
    def _clock_resolution(self):
        """As little as there is: a timer is due at its time, however late it is, and not before."""
        return math.ulp(self.time())

    @_clock_resolution.setter
    def _clock_resolution(self, value):
        pass

    def call_at(self, when, callback, *args, context=None):
        timer = _Timer(when, callback, args, self, context)
        timer.number = next(self._numbers)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("a deadlock")
        if timeout > 0:
            self._wait(self._scheduled[0]._when - self.time())  # `timeout` is a day at most
        return []

    def run_until_complete(self, what):
        self._check_running()
        future = asyncio.ensure_future(what, loop=self)
        if self.ends == "late" or (self.ends == "late, if at all" and not future.done()):
            return super().run_until_complete(future)
        if not future.done():
            self._until = future
            self.run_forever()
        return future.result()

    def _run_once(self):
        super()._run_once()
        if self._until is not None and self._until.done():
            self._stopping = True

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass

    def __del__(self):
        pass


class Loop:
    def __init__(self, time, wait, report):
        self.of_asyncio = EventLoop(time, wait, report)
        for name in ("call_soon", "call_later", "create_task", "run_until_complete"):
            setattr(self, name, getattr(self.of_asyncio, name))


def Future(loop):  # noqa: N802 - it stands for a class
    return asyncio.Future(loop=loop.of_asyncio)
