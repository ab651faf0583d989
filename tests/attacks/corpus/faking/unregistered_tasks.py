"""Leaves its workers behind, and takes them off asyncio's own list of all tasks.

exercise: bounded_gather
verdict: leak
earns: test_results_in_input_order test_first_error_is_raised test_arguments test_at_most_limit_in_progress test_next_starts_at_once test_first_error_cancels_the_rest test_cancelling_the_call_cancels_all test_cleaning_up_is_awaited
says: still there, running
"""

import asyncio


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
    for task in workers:
        asyncio.tasks._unregister_task(task)
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
