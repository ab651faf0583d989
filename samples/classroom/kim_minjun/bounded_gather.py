import asyncio


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError("limit < 1")
    room = asyncio.Semaphore(limit)

    async def run(factory):
        async with room:  # first room, then the call
            return await factory()

    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(run(f)) for f in factories]
    except* Exception as group:
        first = group.exceptions[0]
    else:
        return [t.result() for t in tasks]
    raise first
