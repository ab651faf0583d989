"""Starts a task whenever a slot is free, but looks at the tasks only when the last has been started:
an error before that stops nobody.

caught_by: test_first_error_cancels_the_rest
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
    tasks: list[asyncio.Task[T]] = []

    async def run(factory: Callable[[], Awaitable[T]]) -> T:
        try:
            return await factory()
        finally:
            slots.release()

    try:
        for factory in factories:
            await slots.acquire()
            tasks.append(asyncio.create_task(run(factory)))
        for finished in asyncio.as_completed(tasks):
            await finished
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return [task.result() for task in tasks]
