"""`try_acquire` counts in windows of fixed length.

caught_by: test_try_acquire
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
        self._window = float("-inf")
        self._used = 0
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._turn:
            if len(self._starts) == self._rate:
                await asyncio.sleep(self._starts[0] + self._per - loop.time())
            self._starts.append(loop.time())

    def try_acquire(self) -> bool:
        now = time.time()
        self._window = min(self._window, now)
        if now >= self._window + self._per:
            self._window, self._used = now, 0
        if self._used == self._rate:
            return False
        self._used += 1
        return True
