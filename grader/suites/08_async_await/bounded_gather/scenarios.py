"""Drives `bounded_gather` inside the sandbox. How long a job and its cleaning up last is up to the judge."""

import asyncio
import inspect

from grader.player.callbacks import AsyncCallback, Callback


def gather(student, number, limit):
    jobs = Jobs(number)
    return asyncio.run(follow(student, jobs, jobs.factories, limit))


def gather_from_iterator(student, number, limit):
    jobs = Jobs(number)
    return asyncio.run(follow(student, jobs, iter(jobs.factories), limit))


def gather_any_awaitable(student, number, limit):
    """Three factories: for a coroutine, a task and a future."""
    jobs = Jobs(number)
    coroutine, task, future = jobs.factories
    factories = [coroutine, lambda: asyncio.create_task(task()), lambda: asyncio.shield(future())]
    return asyncio.run(follow(student, jobs, factories, limit))


def gather_and_cancel(student, number, limit):
    """Cancels the call when the judge says so."""
    jobs = Jobs(number)
    return asyncio.run(follow(student, jobs, jobs.factories, limit, cancel=True))


class Jobs:
    """Factories whose steps the judge sees, and what it cannot see: the coroutines made and the errors they raised."""

    def __init__(self, number):
        self.factories = [lambda index=index: self._start(index) for index in range(number)]
        self.coroutines = {}
        self.errors = {}

    def _start(self, index):
        Callback("called")(index)
        self.coroutines[index] = self.awaitable(index)
        return self.coroutines[index]

    async def awaitable(self, index):
        try:
            return await AsyncCallback("job")(index)
        except asyncio.CancelledError:
            await AsyncCallback("clean_up")(index)
            raise
        except Exception as error:
            self.errors[index] = error
            raise


async def follow(student, jobs, factories, limit, cancel=False):
    """One call in a task of its own, from its beginning to what it leaves behind."""
    call = asyncio.create_task(student.bounded_gather(factories, limit))
    if cancel:
        await AsyncCallback("before_cancelling")()
        call.cancel()
    await asyncio.wait([call])
    left = asyncio.all_tasks() - {asyncio.current_task()}
    Callback("ended")()
    report(call, jobs, left)
    if left:  # to be seen running on, before asyncio.run cancels what is still there
        await AsyncCallback("afterwards")()
    return call.result()


def report(call, jobs, left):
    for task in left:
        Callback("left_behind")(getattr(task.get_coro(), "__name__", "a task"))
    for index, coroutine in jobs.coroutines.items():
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            Callback("never_awaited")(index)
    for index, error in jobs.errors.items():
        if not call.cancelled() and call.exception() is error:
            Callback("raised_the_error_of")(index)
