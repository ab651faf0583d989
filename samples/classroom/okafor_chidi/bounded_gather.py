"""bounded_gather as a crew of `limit` workers who take the next factory from a shared iterator.

I first had one task per factory and a semaphore. With a million factories that is a million sleeping tasks, so I
turned it around: the number of tasks is the limit, not the number of jobs.
"""

import asyncio


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError(f"cannot run {limit} at a time")

    queue = enumerate(factories)
    results = {}

    async def worker():
        # Between next() and the call there is no await, so two workers can never get the same factory.
        for place, factory in queue:
            results[place] = await factory()

    crew = [asyncio.create_task(worker()) for _ in range(limit)]
    try:
        await asyncio.wait(crew, return_when=asyncio.FIRST_EXCEPTION)
        failed = [w for w in crew if w.done() and w.exception()]
    finally:
        for w in crew:
            w.cancel()  # does nothing to those who are done
        await asyncio.gather(*crew, return_exceptions=True)

    for w in failed:
        raise w.exception()
    return [results[place] for place in sorted(results)]
