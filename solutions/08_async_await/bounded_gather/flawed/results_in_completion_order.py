"""Collects the results as they come.

caught_by: test_results_in_input_order
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    jobs = list(factories)
    waiting = iter(jobs)
    results: list[T] = []

    async def work() -> None:
        for factory in waiting:
            results.append(await factory())

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in jobs[:limit]:
                workers.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return results
