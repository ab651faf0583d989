"""When all is done, the workers are left waiting for more.

caught_by: test_nothing_is_left_behind
verdict: leak
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
    waiting: asyncio.Queue[tuple[asyncio.Future[R], T]] = asyncio.Queue(maxsize=buffer)
    results: list[asyncio.Future[R]] = []

    async def read() -> None:
        async for item in source:
            results.append(asyncio.get_running_loop().create_future())
            await waiting.put((results[-1], item))
        await waiting.join()

    async def work() -> None:
        while True:
            result, item = await waiting.get()
            result.set_result(await worker(item))
            waiting.task_done()

    reading = asyncio.create_task(read())
    tasks = [reading, *(asyncio.create_task(work()) for _ in range(workers))]
    try:
        # A worker is done only when it has failed.
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return [result.result() for result in results]
