"""Drives `Nursery` inside the sandbox: with steps that the judge holds in its hands, or in virtual time.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from asyncio import CancelledError, create_task, current_task, run, timeout, wait
from builtins import ExceptionGroup, isinstance, sorted, type

from grader.player.callbacks import AsyncCallback, Callback
from grader.player.schedules import latency, now

# ------------------------------------------------------------------ every step is up to the judge


def nursery(student, **tree):
    return run(follow(student, **tree))


def nursery_and_cancel(student, **tree):
    """Cancels the task that runs the block when the judge says so."""
    return run(follow(student, cancel=True, **tree))


async def follow(student, cancel=False, **tree):
    family = Family(AsyncCallback("at_work"), AsyncCallback("clean_up"), Callback("started"), **tree)
    task = create_task(live(student, family))
    if cancel:
        await AsyncCallback("before_cancelling")()
        task.cancel()
    await wait([task])
    task.result()


def cancellations():
    """Of the task that is running: how many were asked for and have not been taken back."""
    task = current_task()
    return task.cancelling() if task is not None else 0


async def live(student, family):
    """One block, in the task that is running, and what it leaves behind."""
    raised = await family.block(student)
    Callback("ended")()
    kind, members = family.describe(raised)
    Callback("raised")(kind, members)
    Callback("cancelling")(cancellations())
    if family.in_progress:  # to be seen running on, before asyncio.run cancels what is still there
        await AsyncCallback("afterwards")()
    await AsyncCallback("going_on")()


class Family:
    """The body of a block and its children, by name, each of which may start others.

    `starts` says whom they start when they begin, `later` when their work is done, and `after_clean_up` when they have
    been cancelled and have cleaned up. `quits` are those that end in CancelledError of their own accord.
    """

    def __init__(self, at_work, clean_up, started, starts, later=(), after_clean_up=(), quits=()):
        self._at_work, self._clean_up, self._started = at_work, clean_up, started
        self._starts, self._later, self._after_clean_up = dict(starts), dict(later), dict(after_clean_up)
        self._quits = quits
        self.errors = {}  # the objects that were raised, by name
        self.in_progress = self.cancelled = 0

    async def block(self, student):
        """Returns what the block raised, or None."""
        try:
            async with student.Nursery() as opened:
                await self.member(opened, "body")
        except (Exception, CancelledError) as error:
            return error
        return None

    async def member(self, opened, name):
        self.in_progress += 1
        try:
            await self._live(opened, name)
        except Exception as error:
            self.errors[name] = error
            raise
        finally:
            self.in_progress -= 1

    async def _live(self, opened, name):
        try:
            self._start(opened, self._starts, name)
            await self._at_work(name)
        except CancelledError:
            self.cancelled += 1
            await self._clean_up(name)
            self._start(opened, self._after_clean_up, name)
            raise
        self._start(opened, self._later, name)
        if name in self._quits:
            raise CancelledError

    def _start(self, opened, who_starts_whom, name):
        for other in who_starts_whom.get(name, ()):
            self._started(other, opened.start_soon(self.member, opened, other) is None)

    def describe(self, raised):
        """What kind of thing was raised; and whose errors are in the group, or the type of what is nobody's."""
        if raised is None:
            return "nothing", []
        if not isinstance(raised, ExceptionGroup):
            return type(raised).__name__, []
        return "ExceptionGroup", [self._whose(error) for error in raised.exceptions]

    def _whose(self, error):
        names = [name for name, raised in self.errors.items() if raised is error]
        return names[0] if names else f"a {type(error).__name__} that nobody raised"


# ------------------------------------------------------------------ virtual time


async def any_latency(student, lasts, fails=(), clean_up_fails=(), cancel_after=None, **tree):
    """One block, whose steps last as long as they say, at least. How it ended, and who was there then."""

    async def at_work(name):
        await latency(lasts[name])
        if name in fails:
            raise LookupError(name)

    async def clean_up(name):
        await latency(3)
        if name in clean_up_fails:
            raise OSError(name)

    family = Family(at_work, clean_up, lambda name, returned_none: None, **tree)
    task = create_task(family.block(student))
    if cancel_after is not None:
        await latency(cancel_after)
        task.cancel()
    await wait([task])
    ended = now()
    kind, members = family.describe(task.result())
    return {
        "ended": ended,
        "raised": kind,
        "group": sorted(members),
        "failed": sorted(family.errors),
        "cancelled": family.cancelled,
        "in_progress": family.in_progress,
    }


async def within_a_timeout(student, seconds, lasts, fails=()):
    """A block with a time limit around it. How it ended, when, and how often the task is being cancelled then."""

    async def work(name):
        await latency(lasts[name])
        if name in fails:
            raise LookupError(name)

    raised = "nothing"
    try:
        async with timeout(seconds):
            async with student.Nursery() as opened:
                opened.start_soon(work, "child")
                await work("body")
    except (Exception, CancelledError) as error:
        raised = "ExceptionGroup" if isinstance(error, ExceptionGroup) else type(error).__name__
    ended, cancelling = now(), cancellations()
    try:
        await latency(1)
    except CancelledError:
        raised += ", and a cancellation afterwards"
    return {"raised": raised, "ended": ended, "cancelling": cancelling}


async def outside(student):
    """What start_soon does before the block, after it, and after a block that failed."""
    begun = []

    async def child(name):
        begun.append(name)

    def start(opened, name):
        try:
            opened.start_soon(child, name)
        except Exception as error:
            return type(error).__name__
        return "nothing"

    good, failing = student.Nursery(), student.Nursery()
    raised = {"before": start(good, "before")}
    async with good:
        raised["inside"] = start(good, "inside")
    raised["after"] = start(good, "after")
    try:
        async with failing:
            raise LookupError
    except Exception:
        raised["after a failure"] = start(failing, "after a failure")
    await latency(1)
    return {"raised": raised, "begun": begun}
