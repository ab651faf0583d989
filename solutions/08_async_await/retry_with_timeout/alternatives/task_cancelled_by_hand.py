"""A task for each try, which is watched with `asyncio.wait` and cancelled by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(op: Callable[[], Awaitable[T]], attempts: int, timeout: float, backoff: float) -> T:
    """Return what the first successful `await op()` returns, after at most `attempts` tries."""
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")
    errors: list[Exception] = []
    while len(errors) < attempts:
        if errors:
            await asyncio.sleep(backoff * 2 ** (len(errors) - 1))
        try:
            return await _within(timeout, asyncio.ensure_future(op()))
        except Exception as error:
            errors.append(error)
    raise errors[-1]


async def _within(timeout: float, attempt: asyncio.Future[T]) -> T:
    try:
        await asyncio.wait([attempt], timeout=timeout)
        if attempt.done():
            return attempt.result()
    finally:
        attempt.cancel()  # which does nothing to one that has ended
        await asyncio.wait([attempt])
    raise TimeoutError(f"no answer within {timeout} s")
