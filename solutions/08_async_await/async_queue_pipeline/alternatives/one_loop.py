"""No workers that run on: one loop waits for the next item and for the calls in progress, whichever comes first."""

import asyncio
from collections import deque
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
    """Await `worker(item)` for every item of the source, and return the results in the order of the items."""
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    items = aiter(source)

    async def ask() -> Any:
        return await anext(items, END)

    asking = asyncio.ensure_future(ask())
    waiting: deque[T] = deque()
    calls: list[asyncio.Future[R]] = []
    in_progress = {asking}
    try:
        while in_progress:
            done, in_progress = await asyncio.wait(in_progress, return_when=asyncio.FIRST_COMPLETED)
            for future in done:
                item = future.result()  # raises what failed
                if future is asking and item is not END:
                    waiting.append(item)
            over = asking.done() and asking.result() is END
            while waiting and len(in_progress - {asking}) < workers:
                calls.append(asyncio.ensure_future(worker(waiting.popleft())))
                in_progress.add(calls[-1])
            if asking.done() and not over and len(waiting) < buffer:
                asking = asyncio.ensure_future(ask())
                in_progress.add(asking)
    finally:
        for future in in_progress:
            future.cancel()
        await asyncio.gather(*in_progress, return_exceptions=True)
    return [call.result() for call in calls]
