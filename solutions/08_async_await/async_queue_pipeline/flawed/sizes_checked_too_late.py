"""Looks at the sizes when the first item has come.

caught_by: test_arguments
verdict: fail
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
    waiting: asyncio.Queue[Any] = asyncio.Queue(maxsize=buffer)
    results: dict[int, R] = {}

    async def read() -> None:
        number = 0
        async for item in source:
            if workers < 1 or buffer < 1:
                raise ValueError("workers and buffer must be at least 1")
            await waiting.put((number, item))
            number += 1
        for _ in range(workers):
            await waiting.put(END)

    async def work() -> None:
        while (entry := await waiting.get()) is not END:
            number, item = entry
            results[number] = await worker(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
            group.create_task(read())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the group keeps them in the order in which they were raised
    return [results[number] for number in range(len(results))]
