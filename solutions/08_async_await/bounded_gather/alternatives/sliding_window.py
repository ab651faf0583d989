"""No semaphore and no workers: one loop keeps a window of futures full."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    """Await what every factory returns, at most `limit` at a time, and return the results in input order."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    waiting = deque(enumerate(factories))
    running: dict[asyncio.Future[T], int] = {}
    results: dict[int, T] = {}
    try:
        while waiting or running:
            while waiting and len(running) < limit:
                index, factory = waiting.popleft()
                running[asyncio.ensure_future(factory())] = index
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for future in finished:
                results[running.pop(future)] = future.result()
    finally:
        for future in running:
            future.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return [results[index] for index in sorted(results)]
