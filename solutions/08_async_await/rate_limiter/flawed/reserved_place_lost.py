"""Notes a caller's start when it comes. If it is cancelled, the place is lost, and those behind wait for nothing.

caught_by: test_a_cancelled_call_counts_for_nothing
verdict: fail
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
        self._starts: deque[float] = deque(maxlen=rate)
        self._wall_starts: deque[float] = deque(maxlen=rate)

    async def acquire(self) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        if self._starts:
            start = max(start, self._starts[-1])
        if len(self._starts) == self._rate:
            start = max(start, self._starts[0] + self._per)
        self._starts.append(start)
        await asyncio.sleep(start - loop.time())

    def try_acquire(self) -> bool:
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
