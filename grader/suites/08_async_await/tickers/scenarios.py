"""Drives `run_tickers` on the virtual event loop and keeps a record of every `emit`.

`lasts` has for each ticker how long its emits last, one after the other; after the last it begins anew.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from asyncio import CancelledError, create_task, get_running_loop, sleep, wait
from builtins import range
from itertools import cycle
from math import ceil

from grader.player.schedules import latency, now


async def tick(student, specs, lasts):
    """All goes well. Returns the record of the emits, and when the call returned what."""
    record = Record(lasts)
    returned = await student.run_tickers(list(map(tuple, specs)), record.emit)
    return [record.emits, now(), returned]


async def tick_from_iterator(student, specs, lasts):
    """The specs can be asked for once only, and their number cannot."""
    record = Record(lasts)
    returned = await student.run_tickers(map(tuple, specs), record.emit)
    return [record.emits, now(), returned]


async def fail(student, specs, lasts, failing, clean_up):
    """The emit of the tick `failing` raises in the end. Returns the record, and when the call raised what."""
    error = LookupError("no such sensor")
    record = Record(lasts, clean_up, tuple(failing), error)
    try:
        await student.run_tickers(list(map(tuple, specs)), record.emit)
    except NotImplementedError:
        raise
    except BaseException as raised:
        how = "the error" if alone(raised) is error else f"{type(raised).__name__}: {raised}"
    else:
        how = "nothing"
    await a_few_turns()
    return [record.emits, now(), how]


async def cancel(student, specs, lasts, after, clean_up):
    """Cancels the call. Returns the record, when it was cancelled, and when it ended how."""
    record = Record(lasts, clean_up)
    call = create_task(student.run_tickers(list(map(tuple, specs)), record.emit))
    await latency(after)
    call.cancel()
    cancelled = now()
    await wait([call])
    await a_few_turns()
    how = "cancelled" if call.cancelled() else f"{call.result()} returned"
    return [record.emits, cancelled, now(), how]


def alone(error):
    """What is inside groups of one, as `asyncio.TaskGroup` makes them."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


async def busy(seconds):
    """As `latency`, but up to a whole number of 64ths: from there on, sums and differences of moments are exact."""
    await latency(seconds)
    loop = get_running_loop()
    whole = loop.create_future()
    loop.call_at(ceil(loop.time() * 64) / 64, _set, whole)
    await whole


def _set(whole):
    if not whole.done():
        whole.set_result(None)


async def a_few_turns():
    """No time passes. Enough for the event loop's own task that closes an async generator left in the middle."""
    for _ in range(5):
        await sleep(0)


class Record:
    """For each emit, in the order in which they began: its ticker, its number, when it began and ended, and how."""

    def __init__(self, lasts, clean_up=0, failing=None, error=None):
        self.emits = []
        self._lasts = {name: cycle(durations) for name, durations in lasts.items()}
        self._clean_up, self._failing, self._error = clean_up, failing, error

    async def emit(self, name, n):
        entry = [name, n, now(), None, "in progress"]
        self.emits.append(entry)
        try:
            if lasts := next(self._lasts[name]):
                await busy(lasts)
        except CancelledError:
            entry[3:] = now(), "cancelled"
            await latency(self._clean_up)
            raise
        entry[3:] = now(), "ended"
        if (name, n) == self._failing:
            entry[4] = "failed"
            raise self._error
