"""Drives `run_pipeline` inside the sandbox: with steps that the judge holds in its hands, or in virtual time.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from asyncio import CancelledError, create_task, run, wait
from builtins import any, len, list, map, min, set, sorted, tuple, type

from grader.player.callbacks import AsyncCallback, Callback
from grader.player.schedules import latency, now

# ------------------------------------------------------------------ every step is up to the judge


def pipeline(student, workers, buffer):
    return run(follow(student, workers, buffer))


def pipeline_and_cancel(student, workers, buffer):
    """Cancels the call when the judge says so."""
    return run(follow(student, workers, buffer, cancel=True))


async def follow(student, workers, buffer, cancel=False):
    """One call in a task of its own, from its beginning to its end. What it returned, in a list."""
    steps = Steps()
    call = create_task(student.run_pipeline(Iterable(steps.next), steps.work, workers, buffer))
    if cancel:
        await AsyncCallback("before_cancelling")()
        call.cancel()
    await wait([call])
    Callback("ended")()
    for who, error in steps.errors:
        if not call.cancelled() and call.exception() is error:
            Callback("raised_the_error_of")(who)
    if steps.in_progress:  # to be seen running on, before asyncio.run cancels what is still there
        await AsyncCallback("afterwards")()
    return [call.result()]


class Steps:
    """What the source and the worker do, and what the judge cannot see: the errors they raised, object by object."""

    def __init__(self):
        self.errors = []
        self.in_progress = 0

    async def next(self, number):
        """One item in a list, or an empty list at the end."""
        return await self._step("source", AsyncCallback("next")(number))

    async def work(self, item):
        return await self._step(item, AsyncCallback("work")(item))

    async def _step(self, who, answer):
        self.in_progress += 1
        try:
            return await answer
        except CancelledError:
            await AsyncCallback("clean_up")(who)
            raise
        except Exception as error:
            self.errors.append((who, error))
            raise
        finally:
            self.in_progress -= 1


class Iterable:
    """An async iterable that is not an iterator: `__aiter__` has to be asked, as `async for` does."""

    def __init__(self, next_item):
        self._next_item = next_item

    def __aiter__(self):
        return Iterator(self._next_item)


class Iterator:
    def __init__(self, next_item):
        self._next_item = next_item
        self._asked = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        number, self._asked = self._asked, self._asked + 1
        answer = await self._next_item(number)
        if not answer:
            raise StopAsyncIteration
        return answer[0]


# ------------------------------------------------------------------ virtual time


async def timed(student, workers, buffer, **plan):
    """All goes well. The results, and when each item was taken up."""
    steps = TimedSteps(**plan)
    results = await student.run_pipeline(Iterable(steps.next), steps.work, workers, buffer)
    begun = [[when, item] for when, what, item in steps.log if what == "begun"]
    return {"results": results, "begun": begun, "returned": now()}


async def summed_up(student, workers, buffer, **plan):
    """All goes well. The results, which items were taken up, and how it was whenever everything was at rest."""
    steps = TimedSteps(**plan)
    results = await student.run_pipeline(Iterable(steps.next), steps.work, workers, buffer)
    begun = [item for _, what, item in steps.log if what == "begun"]
    return {"results": results, "begun": begun, "at_rest": at_rest(steps.log)}


async def broken_off(student, workers, buffer, cancel_after=None, **plan):
    """Something fails, or the call is cancelled. How it ended, and who was there then."""
    steps = TimedSteps(**plan)
    call = create_task(student.run_pipeline(Iterable(steps.next), steps.work, workers, buffer))
    if cancel_after is not None:
        await latency(cancel_after)
        call.cancel()
    await wait([call])
    return {"ended": steps.how_it_ended(call), "in_progress": steps.in_progress, "cancelled": steps.cancelled}


class TimedSteps:
    """The n-th item takes `next_lasts[n]` to come, and the n-th call of the worker `work_lasts[n]`, at least.

    `fails` are the steps that raise: ["source", n] or ["work", n]. Who is cancelled cleans up; after an error, that
    fails.
    """

    def __init__(self, items, next_lasts, work_lasts, fails=()):
        self._items, self._next_lasts, self._work_lasts = items, next_lasts, work_lasts
        self._fails = [tuple(step) for step in fails]
        self._begun = 0
        self._errors = []  # [when, error] in the order in which they were raised
        self.log = []  # [when, what, item]
        self.in_progress = self.cancelled = 0

    async def next(self, number):
        self._note("asked")
        await self._step("source", number, self._next_lasts)
        if number >= len(self._items):
            self._note("over")
            return []
        self._note("given", self._items[number])
        return [self._items[number]]

    async def work(self, item):
        number, self._begun = self._begun, self._begun + 1
        self._note("begun", item)
        await self._step("work", number, self._work_lasts)
        self._note("ended", item)
        return [number, item]

    async def _step(self, name, number, lasts):
        self.in_progress += 1
        try:
            await latency(lasts[min(number, len(lasts) - 1)])
            if (name, number) in self._fails:
                self._errors.append([now(), LookupError(f"{name} {number}")])
                raise self._errors[-1][1]
        except CancelledError:
            self.cancelled += 1
            await latency(3)
            if self._errors:
                raise OSError(f"{name} {number} could not clean up") from None
            raise
        finally:
            self.in_progress -= 1

    def _note(self, what, item=None):
        self.log.append([now(), what, item])

    def how_it_ended(self, call):
        """In words. Errors raised at the same moment are all first ones."""
        if call.cancelled():
            return "was cancelled"
        if call.exception() is None:
            return "returned"
        if any(call.exception() is error for when, error in self._errors if when == self._errors[0][0]):
            return "raised the first error"
        return f"raised {type(call.exception()).__name__}, which was not the first error"


def at_rest(log):
    """[items that wait, calls in progress, times the source is being asked, whether it is over], without repetition.

    Everything is at rest when time goes on, that is, after the last thing that is noted for a moment.
    """
    waiting = working = asking = 0
    over, states = False, {}
    for when, what, _ in log:
        waiting += (what == "given") - (what == "begun")
        working += (what == "begun") - (what == "ended")
        asking += (what == "asked") - (what in ("given", "over"))
        over = over or what == "over"
        states[when] = (waiting, working, asking, over)
    return sorted(map(list, set(states.values())))
