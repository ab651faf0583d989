"""No sleep and no task group: the loop's own alarms wake the tickers, and the first to fail makes the others stop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    """Run a ticker for each `(name, period, ticks)`, all at the same time, and return when the last one has ended."""
    tickers = {asyncio.ensure_future(_tick(name, period, ticks, emit)) for name, period, ticks in specs}
    if not tickers:
        return
    try:
        ended, _ = await asyncio.wait(tickers, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for ticker in tickers:
            ticker.cancel()
        await asyncio.wait(tickers)
    for ticker in ended:
        ticker.result()


async def _tick(name: str, period: float, ticks: int, emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    for n in range(1, ticks + 1):
        await _alarm(began + n * period)
        await emit(name, n)


async def _alarm(moment: float) -> None:
    loop = asyncio.get_running_loop()
    ringing = asyncio.Event()
    timer = loop.call_at(moment, ringing.set)
    try:
        await ringing.wait()
    finally:
        timer.cancel()
