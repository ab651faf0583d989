"""Collects the calls and gathers them when the body has ended: an error of one lets the others run on, unwatched.

caught_by: test_the_block_waits_for_all_children
verdict: fail
"""

import asyncio


class Nursery:
    def __init__(self):
        self._tasks = []

    async def __aenter__(self):
        return self

    def start_soon(self, fn, *args):
        self._tasks.append(asyncio.create_task(fn(*args)))

    async def __aexit__(self, kind, error, trace):
        await asyncio.gather(*self._tasks)
