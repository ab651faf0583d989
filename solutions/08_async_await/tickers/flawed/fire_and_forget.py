"""Starts the tasks and returns. Nobody waits for them.

caught_by: test_ends_with_the_last_emit
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]

_tickers: set[asyncio.Task[None]] = set()  # the event loop itself would not keep them


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    _tickers.update(
        asyncio.create_task(_tick(name, period, ticks, emit, began)) for name, period, ticks in specs
    )


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
