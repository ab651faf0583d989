"""Plain worker tasks; the first worker that fails makes the call stop the others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    """Await what every factory returns, at most `limit` at a time, and return the results in input order."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    jobs = list(factories)
    waiting = list(reversed(list(enumerate(jobs))))
    results: dict[int, T] = {}

    async def work() -> None:
        while waiting:
            index, factory = waiting.pop()
            results[index] = await factory()

    workers = [asyncio.create_task(work()) for _ in jobs[:limit]]
    if workers:
        try:
            done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        for worker in done:
            worker.result()
    return [results[index] for index in range(len(jobs))]
