"""The wait lasts from the beginning of a try to the beginning of the next, not from its end.

caught_by: test_exponential_backoff
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
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(timeout):
                return await op()
        except Exception:
            if attempt == attempts:
                raise
        await asyncio.sleep(began + backoff * 2 ** (attempt - 1) - asyncio.get_running_loop().time())
