"""Waits after every failed try, the last one included, and looks then whether it was the last.

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
        try:
            async with asyncio.timeout(timeout):
                return await op()
        except Exception:
            await asyncio.sleep(backoff * 2 ** (attempt - 1))
            if attempt == attempts:
                raise
