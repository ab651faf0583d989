"""Sleeps and emits at the same time, and waits for both: after a late tick all that follow come later.

caught_by: test_late_ticks
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
    if ticks:
        await asyncio.sleep(period)
    for n in range(1, ticks):
        await asyncio.gather(emit(name, n), asyncio.sleep(period))
    if ticks:
        await emit(name, ticks)
