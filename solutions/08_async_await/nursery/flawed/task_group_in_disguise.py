"""A TaskGroup under another name: it refuses children during the shutdown.

caught_by: test_children_started_during_the_shutdown
verdict: fail
"""

import asyncio


class Nursery(asyncio.TaskGroup):
    def start_soon(self, fn, *args):
        if not self._entered or self._exiting and not self._tasks:
            raise RuntimeError("not within the block")
        self.create_task(fn(*args))
