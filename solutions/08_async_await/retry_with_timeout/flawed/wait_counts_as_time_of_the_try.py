"""The wait before a try is inside its time limit, so that later tries have less time.

caught_by: test_timeout_for_each_try
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")
    for attempt in range(1, attempts + 1):
        try:
            async with asyncio.timeout(timeout):
                if attempt > 1:
                    await asyncio.sleep(backoff * 2 ** (attempt - 2))
                return await op()
        except Exception:
            if attempt == attempts:
                raise
