"""Awaits the tickers one after the other: the second begins when the first has had its last tick.

caught_by: test_all_tick_at_the_same_time
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    for name, period, ticks in specs:
        await _tick(name, period, ticks, emit, began)


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
