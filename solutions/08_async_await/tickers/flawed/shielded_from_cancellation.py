"""When the call is cancelled, the tickers tick on behind the shield.

caught_by: test_cancelling_the_call
verdict: leak
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    await asyncio.shield(asyncio.create_task(_run(specs, emit)))


async def _run(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as tickers:
        for name, period, ticks in specs:
            tickers.create_task(_tick(name, period, ticks, emit, began))


async def _tick(name: str, period: float, ticks: int, emit: Emit, began: float) -> None:
    loop = asyncio.get_running_loop()
    for n in range(1, ticks + 1):
        await asyncio.sleep(began + n * period - loop.time())
        await emit(name, n)
