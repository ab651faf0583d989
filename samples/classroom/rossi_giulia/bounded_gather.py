"""Gather with a limit, Giulia Rossi"""

import asyncio


class Gatherer:
    def __init__(self, factories, limit):
        self.todo = asyncio.Queue()
        for job in enumerate(factories):
            self.todo.put_nowait(job)
        self.results = [None] * self.todo.qsize()
        self.workers = min(limit, len(self.results))

    async def work(self):
        while not self.todo.empty():
            index, factory = self.todo.get_nowait()
            self.results[index] = await factory()

    async def run(self):
        async with asyncio.TaskGroup() as group:
            for _ in range(self.workers):
                group.create_task(self.work())
        return self.results


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError(limit)
    try:
        return await Gatherer(factories, limit).run()
    except ExceptionGroup as group:
        # the statement wants the error itself
        raise group.exceptions[0] from None
