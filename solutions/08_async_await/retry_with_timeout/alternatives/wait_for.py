"""`wait_for`, and a counter that says which try is the last."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    """Return what the first successful `await op()` returns, after at most `attempts` tries."""
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")
    pause = backoff
    attempt = 1
    while True:
        try:
            return await asyncio.wait_for(op(), timeout)
        except Exception:
            if attempt == attempts:
                raise
        await asyncio.sleep(pause)
        pause *= 2
        attempt += 1
