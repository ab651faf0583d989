"""Runs `limit` at a time and waits for the slowest before it starts the next `limit`.

caught_by: test_next_starts_at_once
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")

    async def run(factory: Callable[[], Awaitable[T]]) -> T:
        return await factory()

    jobs = list(factories)
    results: list[T] = []
    for start in range(0, len(jobs), limit):
        try:
            async with asyncio.TaskGroup() as group:
                batch = [group.create_task(run(factory)) for factory in jobs[start : start + limit]]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        results += [task.result() for task in batch]
    return results
