"""Leaves its workers behind, and takes the scenario's report of that out of the scenario's module.

exercise: bounded_gather
verdict: error
"""

import asyncio
import sys

sys.modules["scenarios"].report = lambda *anything: None


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError(limit)
    jobs = list(factories)
    results, queue = {}, asyncio.Queue()
    for item in enumerate(jobs):
        queue.put_nowait(item)

    async def work():
        while True:
            index, factory = await queue.get()
            results[index] = await factory()
            queue.task_done()

    workers = [asyncio.create_task(work()) for _ in jobs[:limit]]
    all_done = asyncio.create_task(queue.join())
    try:
        done, _ = await asyncio.wait([all_done, *workers], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except BaseException as error:
        for task in [all_done, *workers]:
            task.cancel()
        await asyncio.gather(all_done, *workers, return_exceptions=True)
        raise error
    return [results[index] for index in range(len(jobs))]
