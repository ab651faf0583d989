"""One ticker after the other, each at its moments, as the scheduler's clock is turned back in between.

exercise: tickers
verdict: error fail
"""

import asyncio


async def run_tickers(specs, emit):
    scheduler = getattr(asyncio.get_running_loop(), "_scheduler", None)
    began = end = scheduler.now
    for name, period, ticks in specs:
        free = began
        for n in range(1, ticks + 1):
            scheduler.now = max(began + n * period, free)
            await emit(name, n)
            free = scheduler.now
        end = max(end, free)
    scheduler.now = end
