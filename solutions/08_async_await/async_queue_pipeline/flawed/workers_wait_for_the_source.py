"""The body of the task group reads the source. When the call is cancelled, so is the body;
the workers work on until the source has cleaned up.

caught_by: test_cancelling_the_call_cancels_all
verdict: fail
"""

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
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    waiting: asyncio.Queue[Any] = asyncio.Queue(maxsize=buffer)
    results: list[R | None] = []
    errors: list[Exception] = []  # in the order in which they are raised, which a task group does not keep

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

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
            with noting_errors():
                async for item in source:
                    results.append(None)
                    await waiting.put((len(results) - 1, item))
            await waiting.put(END)
    except BaseExceptionGroup:
        raise errors[0] from None
    return results
