"""Awaits only the ticker that was started last, which need not be the one that ends last.

caught_by: test_ends_with_the_last_emit
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    tickers = [asyncio.create_task(_tick(name, period, ticks, emit, began)) for name, period, ticks in specs]
    if tickers:
        await tickers[-1]


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
