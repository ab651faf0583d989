"""`asyncio.wait` refuses to wait for no tasks at all: without specs the call raises.

caught_by: test_arguments
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    tickers = [asyncio.create_task(_tick(name, period, ticks, emit, began)) for name, period, ticks in specs]
    try:
        ended, _ = await asyncio.wait(tickers, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for ticker in tickers:
            ticker.cancel()
        await asyncio.gather(*tickers, return_exceptions=True)
    for ticker in ended:
        ticker.result()


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
