"""Public tests: run `pytest` in this folder."""

import asyncio
import selectors
import time

import pytest
import rate_limiter
from rate_limiter import RateLimiter


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


def starts(limiter, arrivals, cancelled=None):
    """When each caller starts, if they come at these moments. The call of one can be cancelled: (place, moment)."""

    async def scenario():
        started = [None] * len(arrivals)
        callers = []

        async def call(place):
            await limiter.acquire()
            started[place] = now()

        for place, arrival in enumerate(arrivals):
            await asyncio.sleep(arrival - now())
            callers.append(asyncio.create_task(call(place)))
            if cancelled and cancelled[0] == place:
                asyncio.get_running_loop().call_at(cancelled[1], callers[-1].cancel)
        await asyncio.wait(callers)
        return started

    return play(scenario)


class WallClock:
    """What `time.time()` shows, whatever the name under which rate_limiter.py has imported it."""

    def __init__(self, monkeypatch):
        self.shows = 1_800_000_000.0
        original = time.time
        for name, value in list(vars(rate_limiter).items()):
            if value is original:
                monkeypatch.setattr(rate_limiter, name, self)
        monkeypatch.setattr(time, "time", self)

    def __call__(self):
        return self.shows


@pytest.fixture
def clock(monkeypatch):
    return WallClock(monkeypatch)


def answers(limiter, number):
    return [limiter.try_acquire() for _ in range(number)]


def test_the_example():
    assert starts(RateLimiter(rate=2, per=10), [0, 4, 5, 5, 30]) == [0, 4, 10, 14, 30]


def test_a_burst_at_the_edge_of_a_window():
    assert starts(RateLimiter(rate=2, per=10), [0, 9, 10, 10, 11]) == [0, 9, 10, 19, 20]


def test_nobody_overtakes():
    assert starts(RateLimiter(rate=1, per=10), [0, 1, 2, 10, 20]) == [0, 10, 20, 30, 40]


def test_a_cancelled_call_counts_for_nothing():
    assert starts(RateLimiter(rate=1, per=10), [0, 1, 2, 3], cancelled=(1, 4)) == [0, None, 10, 20]


def test_try_acquire(clock):
    limiter = RateLimiter(rate=2, per=10)
    assert answers(limiter, 1) == [True]
    clock.shows += 4
    assert answers(limiter, 2) == [True, False]
    clock.shows += 6
    assert answers(limiter, 2) == [True, False]


def test_a_clock_that_is_set_back(clock):
    limiter = RateLimiter(rate=2, per=10)
    assert answers(limiter, 3) == [True, True, False]
    clock.shows -= 3600
    assert answers(limiter, 1) == [False]
    clock.shows += 10
    assert answers(limiter, 3) == [True, True, False]


@pytest.mark.parametrize(("rate", "per"), [(0, 1), (-1, 1), (1, 0), (1, -1)])
def test_arguments(rate, per):
    with pytest.raises(ValueError):
        RateLimiter(rate, per)
