"""Awaits reader and workers one after another: an error of one is noticed when those before it are done.

caught_by: test_first_error_cancels_the_rest
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
    waiting: asyncio.Queue[tuple[asyncio.Future[R], T] | None] = asyncio.Queue(maxsize=buffer)
    results: list[asyncio.Future[R]] = []

    async def read() -> None:
        async for item in source:
            results.append(asyncio.get_running_loop().create_future())
            await waiting.put((results[-1], item))
        for _ in range(workers):
            await waiting.put(None)

    async def work() -> None:
        while (entry := await waiting.get()) is not None:
            result, item = entry
            result.set_result(await worker(item))

    reading = asyncio.create_task(read())
    tasks = [reading, *(asyncio.create_task(work()) for _ in range(workers))]
    try:
        for task in tasks:
            await asyncio.shield(task)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [result.result() for result in results]
