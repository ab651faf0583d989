"""Begins the wait when a try is cancelled, not when it has cleaned up.

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
        wait = backoff * 2 ** (attempt - 1) if attempt < attempts else 0
        try:
            return await _within(timeout, wait, asyncio.ensure_future(op()))
        except Exception:
            if attempt == attempts:
                raise


async def _within(timeout: float, wait: float, attempt: asyncio.Future[T]) -> T:
    pause = asyncio.ensure_future(asyncio.sleep(timeout + wait))
    try:
        await asyncio.wait([attempt], timeout=timeout)
        if attempt.done() and attempt.exception():
            await asyncio.sleep(wait)
        if attempt.done():
            return attempt.result()
        attempt.cancel()
        await asyncio.wait([attempt])
        await pause
    finally:
        attempt.cancel()
        pause.cancel()
        await asyncio.wait([attempt, pause])
    raise TimeoutError
