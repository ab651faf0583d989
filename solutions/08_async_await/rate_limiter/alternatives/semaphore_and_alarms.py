"""A semaphore has `rate` slots, and an alarm gives each back when the start that took it is `per` seconds old."""

import asyncio
import heapq
from time import time


class RateLimiter:
    """Allows at most `rate` starts in any window of `per` seconds, wherever it begins."""

    def __init__(self, rate: int, per: float) -> None:
        if rate < 1 or per <= 0:
            raise ValueError("rate must be at least 1, and per above 0")
        self._per = per
        self._slots = asyncio.Semaphore(rate)
        self._free_at = [float("-inf")] * rate

    async def acquire(self) -> None:
        """Return when the caller may start: at the first possible moment, and in the order of the calls."""
        await self._slots.acquire()
        asyncio.get_running_loop().call_later(self._per, self._slots.release)

    def try_acquire(self) -> bool:
        """Say whether the caller may start now; if so, that is a start."""
        now = time()
        # No slot is free later than `per` from now, unless the clock has been set back.
        self._free_at = [min(moment, now + self._per) for moment in self._free_at]
        heapq.heapify(self._free_at)
        if self._free_at[0] > now:
            return False
        heapq.heapreplace(self._free_at, now + self._per)
        return True
