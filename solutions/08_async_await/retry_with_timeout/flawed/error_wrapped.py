"""Raises an error of its own that only mentions the last one.

caught_by: test_the_last_error_is_raised
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
        except Exception as error:
            if attempt == attempts:
                raise RuntimeError(f"gave up after {attempts} attempts") from error
        await asyncio.sleep(backoff * 2 ** (attempt - 1))
