"""Errors are noted where they are raised; the end mark is handed on from worker to worker."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator
from contextlib import contextmanager
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
    """Await `worker(item)` for every item of the source, and return the results in the order of the items."""
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    waiting: asyncio.Queue[Any] = asyncio.Queue(maxsize=buffer)
    results: list[R | None] = []
    errors: list[Exception] = []  # in the order in which they are raised

    @contextmanager
    def noting_errors() -> Iterator[None]:
        try:
            yield
        except Exception as error:
            errors.append(error)
            raise

    async def work() -> None:
        with noting_errors():
            while (entry := await waiting.get()) is not END:
                number, item = entry
                results[number] = await asyncio.create_task(worker(item))
            await waiting.put(END)

    async def read() -> None:
        with noting_errors():
            async for item in source:
                results.append(None)
                await waiting.put((len(results) - 1, item))
            await waiting.put(END)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read())
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup:
        raise errors[0] from None
    return results
