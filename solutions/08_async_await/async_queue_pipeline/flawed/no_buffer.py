"""Each worker asks the source itself, in turn: while all are busy, nobody asks, and nothing is kept ready.

caught_by: test_back_pressure
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
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    items = aiter(source)
    results: dict[int, R] = {}
    numbers = iter(range(10**9))
    turn = asyncio.Lock()

    async def work() -> None:
        while True:
            async with turn:
                number, item = next(numbers), await anext(items, END)
            if item is END:
                return
            results[number] = await worker(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the group keeps them in the order in which they were raised
    return [results[number] for number in sorted(results)]
