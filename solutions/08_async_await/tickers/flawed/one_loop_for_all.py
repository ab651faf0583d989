"""One loop emits for all tickers: during the emit of one, no other can tick.

caught_by: test_late_ticks
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    loop = asyncio.get_running_loop()
    due = [(n * period, name, n) for name, period, ticks in specs for n in range(1, ticks + 1)]
    for moment, name, n in sorted(due):
        await asyncio.sleep(began + moment - loop.time())
        await emit(name, n)
