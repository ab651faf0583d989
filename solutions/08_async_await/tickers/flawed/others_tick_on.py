"""`gather` raises the first error, but the other tickers tick on.

caught_by: test_an_error_ends_everything
verdict: leak
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    tickers = [asyncio.create_task(_tick(name, period, ticks, emit, began)) for name, period, ticks in specs]
    await asyncio.gather(*tickers)


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
