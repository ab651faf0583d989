"""Several tickers on one event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    """Run a ticker for each `(name, period, ticks)`, all at the same time, and return when the last one has ended.

    The task group waits for all of them. When one fails, or when the call is cancelled, it cancels the others and
    waits until they are through with that.
    """
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as tickers:
        for name, period, ticks in specs:
            tickers.create_task(_tick(name, period, ticks, emit, began))


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        # Every tick is reckoned from the beginning, not from the tick before. A late one does not sleep at all.
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
