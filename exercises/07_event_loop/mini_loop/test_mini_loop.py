"""Public tests: run `pytest` in this folder."""

import pytest
from mini_loop import CancelledError, Future, InvalidStateError, Loop, sleep


class Clock:
    """Time that passes only while the loop waits."""

    def __init__(self):
        self.now = 0.0

    def time(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reported():
    return []


@pytest.fixture
def loop(clock, reported):
    return Loop(clock.time, clock.wait, reported.append)


async def give(value):
    return value


async def fail(error):
    raise error


def test_a_coroutine_runs_to_its_end(loop):
    async def add():
        return await give(1) + await give(2)

    assert loop.run_until_complete(add()) == 3


def test_its_exception_is_raised(loop):
    error = LookupError()

    with pytest.raises(LookupError) as caught:
        loop.run_until_complete(fail(error))
    assert caught.value is error


def test_tasks_sleep_at_the_same_time(loop, clock):
    heard = []

    async def worker(name, seconds):
        await sleep(seconds)
        heard.append((name, clock.now))
        return name

    async def main():
        tasks = [loop.create_task(worker(name, seconds)) for name, seconds in (("a", 3), ("b", 1), ("c", 2))]
        return [await task for task in tasks]

    assert loop.run_until_complete(main()) == ["a", "b", "c"]
    assert heard == [("b", 1), ("c", 2), ("a", 3)]


def test_callbacks_run_in_turns(loop):
    heard = []

    def first():
        heard.append("first")
        loop.call_soon(heard.append, "later")

    async def main():
        loop.call_soon(first)
        loop.call_soon(heard.append, "second")
        loop.call_soon(heard.append, "never").cancel()
        await sleep(0)
        heard.append("main")
        await sleep(0)

    loop.run_until_complete(main())
    assert heard == ["first", "second", "main", "later"]


def test_equal_timers_fire_in_order(loop, clock):
    heard = []

    async def main():
        for name in "abc":
            loop.call_later(1, heard.append, name)
        loop.call_later(5, heard.append, "never").cancel()
        await sleep(2)

    loop.run_until_complete(main())
    assert heard == ["a", "b", "c"]
    assert clock.now == 2


def test_a_future_is_awaited_by_many(loop):
    future = Future(loop)

    async def waiter():
        return await future

    async def main():
        tasks = [loop.create_task(waiter()) for _ in range(3)]
        await sleep(1)
        future.set_result("ready")
        return [await task for task in tasks] + [await future]

    assert loop.run_until_complete(main()) == ["ready"] * 4


def test_a_future_is_set_once(loop):
    future = Future(loop)
    with pytest.raises(InvalidStateError):
        future.result()

    future.set_result(None)

    assert future.done()
    assert future.result() is None
    assert not future.cancel()
    with pytest.raises(InvalidStateError):
        future.set_exception(LookupError())


def test_done_callbacks_are_never_called_at_once(loop):
    heard = []
    future = Future(loop)
    future.add_done_callback(heard.append)

    future.set_result(1)
    future.add_done_callback(heard.append)

    assert heard == []
    loop.run_until_complete(sleep(0))
    assert heard == [future, future]


def test_a_task_is_cancelled_where_it_waits(loop, clock):
    heard = []

    async def worker():
        try:
            await sleep(100)
        finally:
            heard.append(clock.now)

    async def main():
        task = loop.create_task(worker())
        await sleep(3)
        assert task.cancel()
        with pytest.raises(CancelledError):
            await task
        assert task.cancelled()

    loop.run_until_complete(main())
    assert heard == [3]
    assert clock.now == 3


def test_an_exception_in_a_callback_stops_nobody(loop, reported):
    error = LookupError()

    def failing():
        raise error

    loop.call_soon(failing)

    assert loop.run_until_complete(give("done")) == "done"
    assert reported == [error]


def test_a_deadlock_is_noticed(loop):
    with pytest.raises(RuntimeError):
        loop.run_until_complete(Future(loop))


def test_a_long_chain_of_tasks(loop):
    async def link(before):
        return 1 + await before

    async def main():
        first = before = Future(loop)
        for _ in range(10_000):
            before = loop.create_task(link(before))
        await sleep(0)
        first.set_result(0)
        return await before

    assert loop.run_until_complete(main()) == 10_000


def test_what_is_no_coroutine_is_refused(loop):
    for thing in (None, 42, give):
        with pytest.raises(TypeError):
            loop.create_task(thing)
