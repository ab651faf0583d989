"""Every tick is a task of its own: a late tick does not wait for the emit before it.

caught_by: test_late_ticks
verdict: fail
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Emit = Callable[[str, int], Awaitable[object]]


async def run_tickers(specs: Iterable[tuple[str, float, int]], emit: Emit) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as every_tick:
        for name, period, ticks in specs:
            for n in range(1, ticks + 1):
                every_tick.create_task(_tick(name, n, began + n * period, emit))


async def _tick(name: str, n: int, due: float, emit: Emit) -> None:
    await asyncio.sleep(due - asyncio.get_running_loop().time())
    await emit(name, n)
