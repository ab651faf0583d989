"""A full bucket allows `rate` starts at once, and nearly as many again while it fills up.

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
        self._tokens = float(rate)
        self._counted = float("-inf")
        self._wall_starts: deque[float] = deque(maxlen=rate)
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        async with self._turn:
            self._fill()
            if self._tokens < 1:
                await asyncio.sleep((1 - self._tokens) * self._per / self._rate)
                self._fill()
            self._tokens = max(0.0, self._tokens - 1)

    def _fill(self) -> None:
        now = asyncio.get_running_loop().time()
        self._tokens = min(self._rate, self._tokens + (now - self._counted) * self._rate / self._per)
        self._counted = now

    def try_acquire(self) -> bool:
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
