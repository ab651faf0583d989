"""`create_task` takes a coroutine and nothing else, but a factory may return any awaitable.

caught_by: test_arguments
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    waiting = list(reversed(list(enumerate(factories))))
    running: dict[asyncio.Task[T], int] = {}
    results: dict[int, T] = {}
    try:
        while waiting or running:
            while waiting and len(running) < limit:
                index, factory = waiting.pop()
                running[asyncio.create_task(factory())] = index
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                results[running.pop(task)] = task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return [results[index] for index in sorted(results)]
