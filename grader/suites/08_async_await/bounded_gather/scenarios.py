"""Drives `bounded_gather` inside the sandbox. How long a job and its cleaning up last is up to the judge.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from asyncio import CancelledError, Task, all_tasks, create_task, current_task, get_running_loop, run, shield, wait
from builtins import max, range
from functools import partial
from inspect import CORO_CREATED, getcoroutinestate

from grader.player.callbacks import AsyncCallback, Callback
from grader.player.schedules import latency


def gather(student, number, limit):
    jobs = Jobs(number)
    return run(follow(student, jobs, jobs.factories, limit))


def gather_from_iterator(student, number, limit):
    jobs = Jobs(number)
    return run(follow(student, jobs, iter(jobs.factories), limit))


def gather_any_awaitable(student, number, limit):
    """Three factories: for a coroutine, a task and a future."""
    jobs = Jobs(number)
    coroutine, task, future = jobs.factories
    factories = [coroutine, lambda: create_task(task()), lambda: shield(future())]
    return run(follow(student, jobs, factories, limit))


def gather_and_cancel(student, number, limit):
    """Cancels the call when the judge says so."""
    jobs = Jobs(number)
    return run(follow(student, jobs, jobs.factories, limit, cancel=True))


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
        except CancelledError:
            await AsyncCallback("clean_up")(index)
            raise
        except Exception as error:
            self.errors[index] = error
            raise


async def follow(student, jobs, factories, limit, cancel=False):
    """One call in a task of its own, from its beginning to what it leaves behind. What it returned, in a list."""
    tasks = remember_tasks()
    call = create_task(student.bounded_gather(factories, limit))
    if cancel:
        await AsyncCallback("before_cancelling")()
        call.cancel()
    await wait([call])
    left = [task for task in {*tasks, *all_tasks()} - {current_task()} if not task.done()]
    Callback("ended")()
    report(call, jobs, left)
    if left:  # to be seen running on, before asyncio.run cancels what is still there
        await AsyncCallback("afterwards")()
    return [call.result()]


def remember_tasks():
    """Whatever the event loop makes a task of from now on, also if somebody takes it out of asyncio's own list."""
    tasks = []

    def make_task(loop, coroutine, **options):
        tasks.append(Task(coroutine, loop=loop, **options))
        return tasks[-1]

    get_running_loop().set_task_factory(make_task)
    return tasks


def report(call, jobs, left):
    """Says what is left also when nothing is: the judge takes silence for no answer."""
    Callback("left_behind")([getattr(task.get_coro(), "__name__", "a task") for task in left])
    coroutines = jobs.coroutines.items()
    Callback("never_awaited")([index for index, made in coroutines if getcoroutinestate(made) == CORO_CREATED])
    for index, error in jobs.errors.items():
        if not call.cancelled() and call.exception() is error:
            Callback("raised_the_error_of")(index)


async def gathered(student, number, limit, fails=None):
    """For schedules: the results, and how many jobs were in progress at most. One of them may fail."""
    inside = most = 0

    async def job(index):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            await latency(1)
            if index == fails:
                raise LookupError(index)
        finally:
            inside -= 1
        return index

    return await student.bounded_gather([partial(job, index) for index in range(number)], limit), most
