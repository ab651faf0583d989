"""right: coroutines that leave work to threads."""

import asyncio
import time


async def work(n):
    await asyncio.sleep(n)
    return await asyncio.to_thread(lambda: (time.sleep(5), n)[1])


async def scenario():
    assert await asyncio.gather(*(work(n) for n in range(2))) == [0, 1]
