"""An item takes room in the buffer until its work is done, and not only until it begins.

caught_by: test_back_pressure
verdict: fail
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

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
    slots = asyncio.Semaphore(workers)
    room = asyncio.Semaphore(buffer)  # for those that wait for a slot
    tasks: list[asyncio.Task[R]] = []

    async def work(item: T) -> R:
        async with slots:
            try:
                return await worker(item)
            finally:
                room.release()

    async def read(group: asyncio.TaskGroup) -> None:
        await room.acquire()
        async for item in source:
            tasks.append(group.create_task(work(item)))
            await room.acquire()

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read(group))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
