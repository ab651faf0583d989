"""Try again, with a timeout for each try and exponential backoff."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    """Return what the first successful `await op()` returns, after at most `attempts` tries.

    CancelledError is not an Exception, so it is never held back here. `asyncio.timeout` waits until what it has
    cancelled is through, and raises TimeoutError, which is one.

    Raises ValueError if `attempts` is less than 1.
    """
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")

    async def once() -> T:
        async with asyncio.timeout(timeout):
            return await op()

    for failures in range(attempts - 1):
        with contextlib.suppress(Exception):
            return await once()
        await asyncio.sleep(backoff * 2**failures)
    return await once()  # whatever the last try raises is the caller's
