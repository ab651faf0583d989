"""Drives `retry` on the virtual event loop and keeps a record of every try.

`plan` has for each try how long it lasts and how it ends: "returns", "fails", "is cancelled" or "breaks off" (which
raises what is no Exception). After the last, tries are as the last.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from asyncio import CancelledError, create_task, sleep, wait
from builtins import range

from grader.player.schedules import latency, now


async def retry(student, plan, result=None, clean_up=0, **limits):
    """Returns the record, when the call ended, and how: with which result, or with the error of which try."""
    tries = Tries(plan, result, clean_up)
    try:
        how = ["returned", await student.retry(tries.op, **limits)]
    except NotImplementedError:
        raise
    except BaseException as error:
        how = ["raised", tries.source(error)]
    ended = now()
    await a_few_turns()
    return [tries.record, ended, how]


async def refuse(student, attempts):
    """For arguments that make no sense. Raises what the call raises."""
    tries = Tries([[0, "returns"]])
    try:
        await student.retry(tries.op, attempts, 10, 1)
    except ValueError:
        return ["ValueError", len(tries.record)]
    return ["nothing", len(tries.record)]


async def cancel(student, plan, after, clean_up, **limits):
    """Cancels the call. Returns the record, when the call was cancelled, when it ended, and how."""
    tries = Tries(plan, None, clean_up)
    call = create_task(student.retry(tries.op, **limits))
    await latency(after)
    call.cancel()
    cancelled = now()
    await wait([call])
    ended = now()
    await a_few_turns()
    how = (
        "cancelled" if call.cancelled() else "failed" if tries.knows(call.exception()) else f"{call.result()} returned"
    )
    return [tries.record, cancelled, ended, how]


async def a_few_turns():
    """No time passes. Enough for tasks that only have to notice that they are done."""
    for _ in range(5):
        await sleep(0)


class BreakOffError(BaseException):
    """Not an Exception, as `KeyboardInterrupt` is none, but one that the event loop treats as any other."""


class Tries:
    """For each try: when it began, when it ended or was cancelled, which of these, and when it had cleaned up."""

    def __init__(self, plan, result=None, clean_up=0):
        self.record = []
        self._plan, self._result, self._clean_up = plan, result, clean_up
        self._errors = []

    async def op(self):
        lasts, ends = self._plan[min(len(self.record), len(self._plan) - 1)]
        entry = [now(), None, "in progress", None]
        number = len(self.record)
        self.record.append(entry)
        try:
            if lasts:
                await latency(lasts)
        except CancelledError:
            entry[1:3] = now(), "was cancelled"
            if self._clean_up:
                await latency(self._clean_up)
            entry[3] = now()
            raise
        entry[1:] = now(), ends, now()
        if ends == "returns":
            return self._result
        errors = {"fails": LookupError, "is cancelled": CancelledError, "breaks off": BreakOffError}
        self._errors.append(errors[ends](f"try {number}"))
        raise self._errors[-1]

    def knows(self, error):
        return any(error is mine for mine in self._errors)

    def source(self, error):
        """Which try it is from, or only its kind: nobody promises that these two come out as the same object."""
        if isinstance(error, CancelledError):
            return "CancelledError"
        if self.knows(error):
            return f"the error of {error}"
        if isinstance(error, TimeoutError):
            return "TimeoutError"
        return f"{type(error).__name__}: {error}"
