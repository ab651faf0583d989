"""Counts in windows of fixed length: `rate` starts at the end of one, and `rate` more at the beginning of the next.

caught_by: test_never_more_than_rate
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
        self._window = float("-inf")  # when the present window began
        self._used = 0
        self._wall_starts: deque[float] = deque(maxlen=rate)
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._turn:
            if self._used == self._rate:
                await asyncio.sleep(self._window + self._per - loop.time())
            if loop.time() >= self._window + self._per:
                self._window, self._used = loop.time(), 0
            self._used += 1

    def try_acquire(self) -> bool:
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
