"""Without attempts nothing is tried, and None returned.

caught_by: test_arguments
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    for attempt in range(1, attempts + 1):
        try:
            async with asyncio.timeout(timeout):
                return await op()
        except Exception:
            if attempt == attempts:
                raise
        await asyncio.sleep(backoff * 2 ** (attempt - 1))
