"""Waits until the queue is done; the workers wait on for more for ever.

caught_by: test_nothing_is_left_behind
verdict: leak
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    jobs = list(factories)
    results: dict[int, T] = {}
    queue: asyncio.Queue[tuple[int, Callable[[], Awaitable[T]]]] = asyncio.Queue()
    for item in enumerate(jobs):
        queue.put_nowait(item)

    async def work() -> None:
        while True:
            index, factory = await queue.get()
            results[index] = await factory()
            queue.task_done()

    workers = [asyncio.create_task(work()) for _ in jobs[:limit]]
    all_done = asyncio.create_task(queue.join())
    try:
        done, _ = await asyncio.wait([all_done, *workers], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except BaseException:
        for task in [all_done, *workers]:
            task.cancel()
        await asyncio.gather(all_done, *workers, return_exceptions=True)
        raise
    return [results[index] for index in range(len(jobs))]
