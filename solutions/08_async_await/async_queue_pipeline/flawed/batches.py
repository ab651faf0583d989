"""Takes as many items as there are workers, and waits for all of them before it takes the next.

caught_by: test_as_many_at_work_as_allowed
verdict: fail
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def run_pipeline(
    source: AsyncIterable[T],
    worker: Callable[[T], Awaitable[R]],
    workers: int,
    buffer: int,
) -> list[R]:
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    waiting: asyncio.Queue[Any] = asyncio.Queue(maxsize=buffer)
    results: list[R] = []

    async def read() -> None:
        async for item in source:
            await waiting.put([item])
        await waiting.put(None)

    async def work_in_batches() -> None:
        batch: list[T] = []
        while (entry := await waiting.get()) is not None:
            batch += entry
            if len(batch) == workers:
                await work(batch)
                batch = []
        await work(batch)

    async def work(batch: list[T]) -> None:
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(call(item)) for item in batch]
        results.extend(task.result() for task in calls)

    async def call(item: T) -> R:
        return await worker(item)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work_in_batches())
            group.create_task(read())
    except BaseExceptionGroup as errors:
        first = errors.exceptions[0]
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return results
