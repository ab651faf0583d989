"""Waits with `time.sleep`, which stops the whole event loop.

caught_by: test_the_event_loop_is_never_blocked
verdict: fail
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as tickers:
        for name, period, ticks in specs:
            tickers.create_task(_tick(name, period, ticks, emit, began))


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        time.sleep(max(0, began + n * period - loop.time()))
        await emit(name, n)
