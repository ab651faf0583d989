"""Takes a start in the far future for an old one, since only the distance counts.

caught_by: test_a_clock_that_is_set_back
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
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._turn:
            if len(self._starts) == self._rate:
                await asyncio.sleep(self._starts[0] + self._per - loop.time())
            self._starts.append(loop.time())

    def try_acquire(self) -> bool:
        now = time.time()
        if len(self._wall_starts) == self._rate and abs(now - self._wall_starts[0]) < self._per:
            return False
        self._wall_starts.append(now)
        return True
