"""bounded_gather: 한 번에 limit개까지만 실행하는 gather."""
import asyncio


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError("limit >= 1")
    sem = asyncio.Semaphore(limit)

    async def 실행(factory):
        async with sem:
            return await factory()

    # gather가 순서도 지켜 주고 에러도 올려 준다
    return await asyncio.gather(*(실행(f) for f in factories))
