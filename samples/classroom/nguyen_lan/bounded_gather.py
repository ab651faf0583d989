import asyncio


async def bounded_gather(factories, limit):
    """Run the factories, `limit` of them together, then the next `limit` of them, and so on."""
    if limit < 1:
        raise ValueError("limit must be positive")

    factories = list(factories)
    results = []
    for start in range(0, len(factories), limit):
        batch = factories[start:start + limit]
        results.extend(await run_batch(batch))
    return results


async def run_batch(batch):
    """All of the batch at the same time. If one fails, the others of the batch are cancelled."""
    tasks = []
    try:
        for factory in batch:
            tasks.append(asyncio.ensure_future(factory()))
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        failed = [t for t in tasks if t.done() and t.exception() is not None]
        if failed:
            raise failed[0].exception()
    finally:
        for t in tasks:
            if not t.done():
                t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [t.result() for t in tasks]
