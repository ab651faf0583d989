"""Leaves tasks behind whose coroutines and names are made of markup, for the message that lists what is left.

exercise: bounded_gather
verdict: leak
earns: test_results_in_input_order test_first_error_is_raised test_at_most_limit_in_progress
says: still there, running
"""

import asyncio

MARKUP = "<script>attack()</script><img src=x>\x1b[2J\u202e\u2066\ud800"


async def forever():
    await asyncio.get_running_loop().create_future()


async def bounded_gather(factories, limit):
    results = [await factory() for factory in factories]
    for number in range(50):
        coroutine = forever()
        coroutine.__name__ = coroutine.__qualname__ = f"{MARKUP}{number}"
        asyncio.create_task(coroutine, name=MARKUP)
    return results
