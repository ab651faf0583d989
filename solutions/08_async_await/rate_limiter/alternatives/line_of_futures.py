"""Nothing of asyncio but futures and one alarm: the callers stand in line, and the alarm serves the first of them."""

import asyncio
from collections import deque
from time import time


class _Log:
    """The starts within the last `per` seconds."""

    def __init__(self, rate: int, per: float) -> None:
        self._rate = rate
        self._per = per
        self._starts: deque[float] = deque()

    def free(self, now: float) -> float:
        """The first moment at which there is room."""
        while self._starts and self._starts[0] + self._per <= now:
            self._starts.popleft()
        return now if len(self._starts) < self._rate else self._starts[-self._rate] + self._per

    def add(self, now: float) -> None:
        self._starts.append(now)

    def remove(self, start: float) -> None:
        self._starts.remove(start)


class RateLimiter:
    """Allows at most `rate` starts in any window of `per` seconds, wherever it begins."""

    def __init__(self, rate: int, per: float) -> None:
        if not (rate >= 1 and per > 0):
            raise ValueError("rate must be at least 1, and per above 0")
        self._log = _Log(rate, per)
        self._line: deque[asyncio.Future[float]] = deque()
        self._alarm: asyncio.TimerHandle | None = None
        self._wall_log = _Log(rate, per)
        self._last_seen = float("-inf")
        self._set_back = 0.0

    async def acquire(self) -> None:
        """Return when the caller may start: at the first possible moment, and in the order of the calls."""
        me = asyncio.get_running_loop().create_future()
        self._line.append(me)
        self._serve()
        try:
            await me
        except asyncio.CancelledError:
            if me.cancelled():
                self._line.remove(me)
            else:  # served, and cancelled before it could start
                self._log.remove(me.result())
            self._serve()
            raise

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        waiting = [caller for caller in self._line if not caller.done()]
        for caller in waiting:
            now = loop.time()
            free = self._log.free(now)
            if free > now:
                self._alarm = loop.call_at(free, self._serve)
                return
            self._log.add(now)
            self._line.remove(caller)
            caller.set_result(now)

    def try_acquire(self) -> bool:
        """Say whether the caller may start now; if so, that is a start."""
        now = self._steady()
        if self._wall_log.free(now) > now:
            return False
        self._wall_log.add(now)
        return True

    def _steady(self) -> float:
        """A clock that stands still where the wall clock goes back, and then goes on with it."""
        wall = time()
        self._set_back += max(0.0, self._last_seen - wall)
        self._last_seen = wall
        return wall + self._set_back
