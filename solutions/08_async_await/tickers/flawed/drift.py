"""Sleeps a whole period after each emit, so that every tick is later than the one before by the time the emit took.

caught_by: test_no_drift
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
    for n in range(1, ticks + 1):
        await asyncio.sleep(period)
        await emit(name, n)
