"""Sleeps until the next tick would be due also after the last one.

caught_by: test_ends_with_the_last_emit
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as tickers:
        for name, period, ticks in specs:
            tickers.create_task(_tick(name, period, ticks, emit, began))


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    if ticks:
        await asyncio.sleep(began + period - loop.time())
    for n in range(1, ticks + 1):
        await emit(name, n)
        await asyncio.sleep(began + (n + 1) * period - loop.time())
