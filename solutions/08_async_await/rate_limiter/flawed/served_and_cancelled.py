"""A caller that is cancelled when it has been served, but does not run yet, keeps its start.

caught_by: test_a_cancelled_call_counts_for_nothing
verdict: race
"""

import asyncio
import time
from collections import deque


class RateLimiter:
    def __init__(self, rate: int, per: float) -> None:
        if rate < 1 or per <= 0:
            raise ValueError("rate must be at least 1, and per above 0")
        self._rate = rate
        self._per = per
        self._starts: deque[float] = deque()
        self._wall_starts: deque[float] = deque(maxlen=rate)
        self._line: deque[asyncio.Future[float]] = deque()
        self._alarm: asyncio.TimerHandle | None = None

    async def acquire(self) -> None:
        me = asyncio.get_running_loop().create_future()
        self._line.append(me)
        self._serve()
        try:
            await me
        except asyncio.CancelledError:
            if me in self._line:
                self._line.remove(me)
            self._serve()
            raise

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        while self._starts and self._starts[0] + self._per <= loop.time():
            self._starts.popleft()
        while self._waiting() and len(self._starts) < self._rate:
            caller = self._line.popleft()
            self._starts.append(loop.time())
            caller.set_result(loop.time())
        if self._waiting():
            self._alarm = loop.call_at(self._starts[0] + self._per, self._serve)

    def _waiting(self) -> bool:
        while self._line and self._line[0].cancelled():
            self._line.popleft()
        return bool(self._line)

    def try_acquire(self) -> bool:
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
