"""Public tests: run `pytest` in this folder."""

import asyncio
import selectors

import pytest
from tickers import run_tickers


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits for a timer: when nothing else can run, it puts its clock forward."""

    def __init__(self):
        super().__init__(self.Selector())
        self._selector.loop = self
        self.clock = 0.0

    def time(self):
        return self.clock

    class Selector(selectors.DefaultSelector):
        def select(self, timeout=None):
            ready = super().select(0)
            if not ready and timeout is None:
                pytest.fail("everybody waits, and there is nothing left to wait for", pytrace=False)
            if not ready and timeout > 0:
                self.loop.clock += timeout
            return ready


class Record:
    """An `emit` that keeps when its calls began and ended, and whether they were cancelled."""

    def __init__(self, lasts=0, fails_at=None):
        self.lasts = lasts
        self.fails_at = fails_at
        self.ticks = []
        self.cancelled = []

    async def emit(self, name, n):
        self.ticks.append((name, n, now()))
        try:
            await asyncio.sleep(self.lasts)
        except asyncio.CancelledError:
            self.cancelled.append((name, n, now()))
            await asyncio.sleep(1)  # cleaning up takes a second
            raise
        if (name, n) == self.fails_at:
            raise LookupError("no sensor")


def now():
    return round(asyncio.get_running_loop().time(), 6)


def play(scenario):
    """Run it on a virtual loop. What it leaves running makes the test fail."""

    async def main():
        result = await scenario()
        assert asyncio.all_tasks() == {asyncio.current_task()}, "the call has ended, but a task it started has not"
        return result

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


def test_all_tick_at_the_same_time():
    record = Record()

    async def scenario():
        await run_tickers([("sensor", 2, 3), ("heartbeat", 5, 1)], record.emit)
        return now()

    assert play(scenario) == 6
    assert record.ticks == [("sensor", 1, 2), ("sensor", 2, 4), ("heartbeat", 1, 5), ("sensor", 3, 6)]


def test_how_long_an_emit_takes_does_not_matter_to_the_next():
    record = Record(lasts=1.5)

    async def scenario():
        await run_tickers([("sensor", 2, 3)], record.emit)
        return now()

    assert play(scenario) == 7.5
    assert record.ticks == [("sensor", 1, 2), ("sensor", 2, 4), ("sensor", 3, 6)]


def test_late_ticks_begin_when_the_one_before_has_ended():
    record = Record(lasts=3)

    async def scenario():
        await run_tickers([("sensor", 2, 3)], record.emit)
        return now()

    assert play(scenario) == 11
    assert record.ticks == [("sensor", 1, 2), ("sensor", 2, 5), ("sensor", 3, 8)]


def test_an_error_ends_everything():
    record = Record(lasts=1, fails_at=("sensor", 2))

    async def scenario():
        with pytest.raises((LookupError, ExceptionGroup)) as raised:
            await run_tickers([("sensor", 2, 9), ("heartbeat", 4.5, 9)], record.emit)
        error = raised.value
        return error if isinstance(error, LookupError) else error.exceptions[0]

    assert isinstance(play(scenario), LookupError)
    assert record.ticks == [("sensor", 1, 2), ("sensor", 2, 4), ("heartbeat", 1, 4.5)]
    assert record.cancelled == [("heartbeat", 1, 5)]


def test_cancelling_the_call_cancels_all():
    record = Record(lasts=1)

    async def scenario():
        call = asyncio.create_task(run_tickers([("sensor", 2, 9), ("heartbeat", 3, 9)], record.emit))
        await asyncio.sleep(2.5)
        call.cancel()
        await asyncio.wait([call])
        assert call.cancelled()

    play(scenario)
    assert record.ticks == [("sensor", 1, 2)]
    assert record.cancelled == [("sensor", 1, 2.5)]


def test_no_tickers():
    record = Record()

    async def scenario():
        await run_tickers([], record.emit)
        return now()

    assert play(scenario) == 0
    assert record.ticks == []
