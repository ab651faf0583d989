"""Reckons when a tick is due from when the one before it began, late or not.

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
    loop = asyncio.get_running_loop()
    due = began + period
    for n in range(1, ticks + 1):
        await asyncio.sleep(due - loop.time())
        due = loop.time() + period
        await emit(name, n)
