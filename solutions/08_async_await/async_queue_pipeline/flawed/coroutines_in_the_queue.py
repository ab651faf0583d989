"""The reader calls `worker` and queues its coroutine: when something fails, nobody awaits those that wait.

caught_by: test_nothing_is_left_behind
verdict: leak
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

END = object()


async def run_pipeline(
    source: AsyncIterable[T],
    worker: Callable[[T], Awaitable[R]],
    workers: int,
    buffer: int,
) -> list[R]:
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    waiting: asyncio.Queue[Any] = asyncio.Queue(maxsize=buffer)
    results: dict[int, R] = {}

    async def read() -> None:
        number = 0
        async for item in source:
            await waiting.put((number, worker(item)))
            number += 1
        for _ in range(workers):
            await waiting.put(END)

    async def work() -> None:
        while (entry := await waiting.get()) is not END:
            number, call = entry
            results[number] = await call

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
            group.create_task(read())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the group keeps them in the order in which they were raised
    return [results[number] for number in range(len(results))]
