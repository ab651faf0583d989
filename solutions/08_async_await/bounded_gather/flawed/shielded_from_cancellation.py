"""Shields the work from the cancellation of the call: it runs on without the call.

caught_by: test_cancelling_the_call_cancels_all
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

    async def run_all() -> list[T]:
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(run(factory)) for factory in factories]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    return await asyncio.shield(run_all())
