"""When the call is cancelled, `gather` has cancelled the tasks already;
cancelling them again breaks into their cleaning up.

caught_by: test_cleaning_up_is_awaited
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    slots = asyncio.Semaphore(limit)

    async def run(factory: Callable[[], Awaitable[T]]) -> T:
        async with slots:
            return await factory()

    tasks = [asyncio.create_task(run(factory)) for factory in factories]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
