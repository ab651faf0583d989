"""`asyncio.gather` with a limit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def bounded_gather(factories: Iterable[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    """Await what every factory returns, at most `limit` at a time, and return the results in input order.

    Workers share one iterator, so each takes the next factory as soon as it is free. The task group cancels
    the others after an error, waits for them, and does the same when the call is cancelled.

    Raises ValueError if `limit` is less than 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    jobs = list(factories)
    waiting = iter(enumerate(jobs))
    results: dict[int, T] = {}

    async def work() -> None:
        for index, factory in waiting:
            results[index] = await factory()

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(limit, len(jobs))):
                workers.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the group keeps them in the order in which they were raised
    return [results[index] for index in range(len(jobs))]
