"""Looks at the number of ticks after the first one: a ticker without ticks ticks once.

caught_by: test_arguments
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
    n = 0
    while True:
        n += 1
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
        if n >= ticks:
            return
