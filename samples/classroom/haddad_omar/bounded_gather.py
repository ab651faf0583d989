import asyncio


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError("limit must be at least 1")

    running = 0
    tasks = []

    async def run(factory):
        nonlocal running
        try:
            return await factory()
        finally:
            running -= 1

    try:
        for factory in factories:
            # wait until there is room for one more
            while running >= limit:
                pass
            running += 1
            tasks.append(asyncio.create_task(run(factory)))
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
