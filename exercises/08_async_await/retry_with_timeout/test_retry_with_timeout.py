"""Public tests: run `pytest` in this folder."""

import asyncio
import selectors

import pytest
from retry_with_timeout import retry


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


class Server:
    """Its `request` does what the plan says, try by try, and keeps what happened when.

    The plan has a pair for each try: how many seconds it takes, and what it returns, or raises if it is an exception.
    """

    def __init__(self, *plan):
        self.plan = iter(plan)
        self.events = []

    async def request(self):
        seconds, outcome = next(self.plan)
        self.events.append(("begins", now()))
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.events.append(("cancelled", now()))
            await asyncio.sleep(1)  # cleaning up takes a second
            raise
        if isinstance(outcome, BaseException):
            self.events.append(("raises", now()))
            raise outcome
        self.events.append(("returns", now()))
        return outcome


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


def test_the_first_success_is_returned():
    server = Server((1, OSError("busy")), (1, None))

    async def scenario():
        assert await retry(server.request, attempts=5, timeout=10, backoff=3) is None

    play(scenario)
    assert server.events == [("begins", 0), ("raises", 1), ("begins", 4), ("returns", 5)]


def test_every_wait_is_twice_as_long_as_the_one_before():
    server = Server(*[(0, OSError("busy"))] * 4, (0, "at last"))

    async def scenario():
        return await retry(server.request, attempts=5, timeout=10, backoff=0.5)

    assert play(scenario) == "at last"
    assert [when for what, when in server.events if what == "begins"] == [0, 0.5, 1.5, 3.5, 7.5]


def test_the_last_error_is_raised_at_once():
    last = OSError("gone")
    server = Server((1, OSError("busy")), (1, last))

    async def scenario():
        with pytest.raises(OSError) as raised:
            await retry(server.request, attempts=2, timeout=10, backoff=3)
        assert raised.value is last
        return now()

    assert play(scenario) == 5


def test_a_try_that_takes_too_long_is_cancelled_and_cleans_up():
    server = Server((100, "late"), (2, OSError("busy")), (3, "in time"))

    async def scenario():
        return await retry(server.request, attempts=3, timeout=4, backoff=1)

    assert play(scenario) == "in time"
    assert server.events == [
        *[("begins", 0), ("cancelled", 4)],  # and at 5 it has cleaned up
        *[("begins", 6), ("raises", 8)],
        *[("begins", 10), ("returns", 13)],
    ]


def test_a_timeout_of_the_last_try_is_raised():
    server = Server((100, "late"))

    async def scenario():
        with pytest.raises(TimeoutError):
            await retry(server.request, attempts=1, timeout=4, backoff=1)
        return now()

    assert play(scenario) == 5


@pytest.mark.parametrize(
    ("after", "events"), [(2, [("begins", 0), ("cancelled", 2)]), (6, [("begins", 0), ("raises", 5)])]
)
def test_a_cancelled_call_does_not_try_again(after, events):
    server = Server((5, OSError("busy")), (5, OSError("busy")))

    async def scenario():
        call = asyncio.create_task(retry(server.request, attempts=2, timeout=10, backoff=3))
        await asyncio.sleep(after)
        call.cancel()
        await asyncio.wait([call])
        assert call.cancelled()

    play(scenario)
    assert server.events == events


def test_an_op_that_is_cancelled_is_not_tried_again():
    server = Server((1, asyncio.CancelledError()), (1, "never"))

    async def scenario():
        with pytest.raises(asyncio.CancelledError):
            await retry(server.request, attempts=2, timeout=10, backoff=3)

    play(scenario)
    assert len(server.events) == 2


@pytest.mark.parametrize("attempts", [0, -1])
def test_at_least_one_attempt(attempts):
    server = Server((1, "never"))

    async def scenario():
        with pytest.raises(ValueError):
            await retry(server.request, attempts=attempts, timeout=10, backoff=3)

    play(scenario)
    assert server.events == []
