"""Cancels a late try, but goes on without waiting until it has cleaned up.

caught_by: test_a_cancelled_try_cleans_up
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
            return await _within(timeout, asyncio.ensure_future(op()))
        except Exception:
            if attempt == attempts:
                raise
        await asyncio.sleep(backoff * 2 ** (attempt - 1))


async def _within(timeout: float, attempt: asyncio.Future[T]) -> T:
    try:
        await asyncio.wait([attempt], timeout=timeout)
        if attempt.done():
            return attempt.result()
    except asyncio.CancelledError:
        attempt.cancel()
        await asyncio.wait([attempt])
        raise
    attempt.cancel()
    raise TimeoutError
