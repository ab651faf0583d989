"""A task waits for `per` seconds after each start, also when nobody else is there.

caught_by: test_waiting_blocks_nobody
verdict: leak
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
        self._wall_starts: deque[float] = deque(maxlen=rate)
        self._slots = asyncio.Semaphore(rate)
        self._tasks: set[asyncio.Task[None]] = set()

    async def acquire(self) -> None:
        await self._slots.acquire()
        task = asyncio.create_task(self._release())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _release(self) -> None:
        await asyncio.sleep(self._per)
        self._slots.release()

    def try_acquire(self) -> bool:
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
