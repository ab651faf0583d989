"""Takes the results of what is done in the order of a set, which is no order.

caught_by: test_any_latency
verdict: race
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
        batch = [asyncio.create_task(run(factory)) for factory in jobs[start : start + limit]]
        done, _ = await asyncio.wait(batch)
        results += [task.result() for task in done]
    return results
