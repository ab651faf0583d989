"""A retry is one try and, if it fails, a retry with one attempt less and twice the backoff."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    """Return what the first successful `await op()` returns, after at most `attempts` tries."""
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")
    try:
        async with asyncio.timeout(timeout):
            return await op()
    except Exception:
        if attempts == 1:
            raise
    await asyncio.sleep(backoff)
    return await retry(op, attempts - 1, timeout, 2 * backoff)
