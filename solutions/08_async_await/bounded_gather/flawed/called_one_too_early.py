"""Calls the next factory and then waits for a slot: one more than `limit` have been called.

caught_by: test_at_most_limit_in_progress
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

    async def run(awaitable: Awaitable[T]) -> T:
        try:
            return await awaitable
        finally:
            slots.release()

    try:
        async with asyncio.TaskGroup() as group:
            tasks = []
            for factory in factories:
                awaitable = asyncio.ensure_future(factory())
                try:
                    await slots.acquire()
                except asyncio.CancelledError:
                    awaitable.cancel()
                    await asyncio.gather(awaitable, return_exceptions=True)
                    raise
                tasks.append(group.create_task(run(awaitable)))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
