"""A deque and a condition instead of the queue; the first error is kept by whoever meets it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def run_pipeline(
    source: AsyncIterable[T],
    worker: Callable[[T], Awaitable[R]],
    workers: int,
    buffer: int,
) -> list[R]:
    """Await `worker(item)` for every item of the source, and return the results in the order of the items."""
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    pipeline = _Pipeline(worker, buffer)
    tasks = [asyncio.create_task(pipeline.guard(pipeline.read(source)))]
    tasks += [asyncio.create_task(pipeline.guard(pipeline.work())) for _ in range(workers)]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            if not task.cancelling():  # gather has cancelled them already when the call was cancelled
                task.cancel()
        await asyncio.wait(tasks)
        raise pipeline.first_error or asyncio.CancelledError from None
    return [pipeline.results[number] for number in sorted(pipeline.results)]


class _Pipeline:
    def __init__(self, worker: Callable[[Any], Awaitable[Any]], buffer: int) -> None:
        self._worker = worker
        self._buffer = buffer
        self._waiting: deque[tuple[int, Any]] = deque()
        self._over = False
        self._changed = asyncio.Condition()
        self.results: dict[int, Any] = {}
        self.first_error: BaseException | None = None

    async def guard(self, part: Awaitable[None]) -> None:
        try:
            await part
        except Exception as error:
            self.first_error = self.first_error or error
            raise

    async def read(self, source: AsyncIterable[Any]) -> None:
        number = 0
        async for item in source:
            async with self._changed:
                await self._changed.wait_for(lambda: len(self._waiting) < self._buffer)
                self._waiting.append((number, item))
                self._changed.notify_all()
            number += 1
        async with self._changed:
            self._over = True
            self._changed.notify_all()

    async def work(self) -> None:
        while (entry := await self._take()) is not None:
            number, item = entry
            self.results[number] = await self._worker(item)

    async def _take(self) -> tuple[int, Any] | None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting or self._over)
            self._changed.notify_all()
            return self._waiting.popleft() if self._waiting else None
