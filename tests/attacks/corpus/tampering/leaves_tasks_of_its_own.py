"""Leaves a task behind at each call, made without asking the event loop for one, so that it is in no list of the loop's.

exercise: rate_limiter
verdict: leak
earns: test_try_acquire test_a_clock_that_is_set_back test_arguments test_never_more_than_rate test_no_lost_capacity test_first_come_first_served test_a_cancelled_call_counts_for_nothing
"""

import asyncio
import time
from collections import deque


class RateLimiter:
    def __init__(self, rate, per):
        if rate < 1 or per <= 0:
            raise ValueError("rate must be at least 1 and per above 0")
        self._rate, self._per, self._turn = rate, per, asyncio.Lock()
        self._starts, self._wall_starts = deque(maxlen=rate), deque(maxlen=rate)

    async def acquire(self):
        loop = asyncio.get_running_loop()

        async def wait_forever():
            await loop.create_future()

        self._kept = asyncio.Task(wait_forever(), loop=loop)
        async with self._turn:
            if len(self._starts) == self._rate:
                free = self._starts[0] + self._per
                while (wait := free - loop.time()) > 0:
                    await asyncio.sleep(wait)
            self._starts.append(loop.time())

    def try_acquire(self):
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
