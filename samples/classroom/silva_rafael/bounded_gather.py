# exercise 8
import asyncio


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError
    sem = asyncio.Semaphore(limit)

    async def one(factory):
        async with sem:
            return await factory()

    jobs = [asyncio.create_task(one(f)) for f in factories]
    try:
        for next_done in asyncio.as_completed(jobs):
            await next_done
    except BaseException:
        for j in jobs:
            j.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        raise
    return [j.result() for j in jobs]
