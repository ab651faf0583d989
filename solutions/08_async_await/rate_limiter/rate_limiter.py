"""A rate limiter with two faces: one that waits and one that only asks."""

import asyncio
import time
from collections import deque


class RateLimiter:
    """Allows at most `rate` starts in any window of `per` seconds, wherever it begins.

    All it has to remember are the last `rate` starts: when the first of them is `per` seconds old, there is room.

    Raises ValueError if `rate` is below 1 or `per` is not above 0.
    """

    def __init__(self, rate: int, per: float) -> None:
        if rate < 1 or per <= 0:
            raise ValueError(f"rate must be at least 1 and per above 0, not {rate} and {per}")
        self._rate = rate
        self._per = per
        self._starts: deque[float] = deque(maxlen=rate)  # by the clock of the event loop
        self._wall_starts: deque[float] = deque(maxlen=rate)  # by the wall clock
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        """Return when the caller may start: at the first possible moment, and in the order of the calls.

        The lock is a queue: it lets waiting callers through in the order in which they came. Only the first of them
        looks at the clock, and notes its start when it starts, so one that is cancelled leaves no trace.
        """
        loop = asyncio.get_running_loop()
        async with self._turn:
            if len(self._starts) == self._rate:
                free = self._starts[0] + self._per
                while (wait := free - loop.time()) > 0:  # a timer may fire a tick of the clock too early
                    await asyncio.sleep(wait)
            self._starts.append(loop.time())

    def try_acquire(self) -> bool:
        """Say whether the caller may start now; if so, that is a start.

        A start in the future was made before the clock was set back. To be on the safe side, it was made just now.
        """
        now = time.time()
        self._wall_starts = deque((min(start, now) for start in self._wall_starts), self._rate)
        if len(self._wall_starts) == self._rate and now - self._wall_starts[0] < self._per:
            return False
        self._wall_starts.append(now)
        return True
