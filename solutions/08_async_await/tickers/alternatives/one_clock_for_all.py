"""One coroutine looks at the clock for all tickers and hands each its ticks through a queue of its own."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    """Run a ticker for each `(name, period, ticks)`, all at the same time, and return when the last one has ended."""
    specs = list(specs)
    queues: list[asyncio.Queue[int]] = [asyncio.Queue() for _ in specs]
    async with asyncio.TaskGroup() as group:
        group.create_task(_clock(specs, queues))
        for (name, _, ticks), queue in zip(specs, queues, strict=True):
            group.create_task(_tick(name, ticks, queue, emit))


async def _clock(specs: list[tuple[str, float, int]], queues: list[asyncio.Queue[int]]) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    due = [(period, 1, place) for place, (_, period, ticks) in enumerate(specs) if ticks]
    heapq.heapify(due)
    while due:
        moment, n, place = due[0]
        await asyncio.sleep(began + moment - loop.time())
        queues[place].put_nowait(n)
        _, period, ticks = specs[place]
        if n < ticks:
            heapq.heapreplace(due, ((n + 1) * period, n + 1, place))
        else:
            heapq.heappop(due)


async def _tick(name: str, ticks: int, queue: asyncio.Queue[int], emit: Emit) -> None:
    for _ in range(ticks):
        await emit(name, await queue.get())
