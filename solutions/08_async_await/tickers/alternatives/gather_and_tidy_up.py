"""No task group: `gather` waits, and what is still running is cancelled and awaited by hand."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    """Run a ticker for each `(name, period, ticks)`, all at the same time, and return when the last one has ended."""
    tickers = [asyncio.create_task(_tick(*spec, emit)) for spec in specs]
    try:
        await asyncio.gather(*tickers)
    finally:
        for ticker in tickers:
            ticker.cancel()
        await asyncio.gather(*tickers, return_exceptions=True)


async def _tick(name: str, period: float, ticks: int, emit: Emit) -> None:
    now = asyncio.get_running_loop().time
    due = now()
    for n in range(ticks):
        due += period
        if due > now():
            await asyncio.sleep(due - now())
        await emit(name, n + 1)
