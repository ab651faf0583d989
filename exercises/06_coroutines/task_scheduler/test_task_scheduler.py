"""Public tests: run `pytest` in this folder."""

import pytest
from task_scheduler import Channel, Deadlock, Join, Recv, Scheduler, Send, Sleep, Spawn, Task


@pytest.fixture
def scheduler():
    return Scheduler()


def give(value):
    """A task that returns the value without any request."""
    return value
    yield


def fail(error):
    """A task that raises the error."""
    raise error
    yield


def test_a_task_runs_to_its_end(scheduler):
    task = scheduler.spawn(give(42))
    assert isinstance(task, Task)
    assert (task.done, task.result, task.error) == (False, None, None)
    scheduler.run()
    assert (task.done, task.result, task.error) == (True, 42, None)


def test_an_error_ends_only_its_task(scheduler):
    error = KeyError("mine")
    failing, other = scheduler.spawn(fail(error)), scheduler.spawn(give(1))
    scheduler.run()
    assert (failing.done, failing.result) == (True, None)
    assert failing.error is error
    assert other.result == 1


def test_tasks_take_turns(scheduler):
    turns = []

    def task(name):
        for n in range(3):
            turns.append(f"{name}{n}")
            yield

    for name in "abc":
        scheduler.spawn(task(name))
    scheduler.run()
    assert " ".join(turns) == "a0 b0 c0 a1 b1 c1 a2 b2 c2"


def test_sleepers_wake_in_order_of_time(scheduler):
    woken = []

    def sleeper(name, seconds):
        yield Sleep(seconds)
        woken.append((name, scheduler.now))

    for name, seconds in [("a", 3), ("b", 1), ("c", 3), ("d", 2)]:
        scheduler.spawn(sleeper(name, seconds))
    scheduler.run()
    assert woken == [("b", 1), ("d", 2), ("a", 3), ("c", 3)]
    assert scheduler.now == 3


def test_long_sleep_takes_no_time(scheduler):
    def sleeper():
        yield Sleep(1_000_000_000)

    scheduler.spawn(sleeper())
    scheduler.run()
    assert scheduler.now == 1_000_000_000


def test_join_waits_for_the_result(scheduler):
    def child():
        yield Sleep(5)
        return "the result"

    def parent():
        task = yield Spawn(child())
        return (yield Join(task)), scheduler.now

    task = scheduler.spawn(parent())
    scheduler.run()
    assert task.result == ("the result", 5)


def test_join_of_a_task_that_is_done(scheduler):
    def parent():
        task = yield Spawn(give("early"))
        yield Sleep(1)
        assert task.done
        return (yield Join(task))

    task = scheduler.spawn(parent())
    scheduler.run()
    assert task.result == "early"


def test_join_raises_the_error(scheduler):
    error = KeyError("from the child")

    def parent():
        task = yield Spawn(fail(error))
        try:
            yield Join(task)
        except KeyError as caught:
            return caught

    task = scheduler.spawn(parent())
    scheduler.run()
    assert task.result is error


def test_values_go_through_a_channel_in_order(scheduler):
    channel = Channel()

    def sender():
        for n in range(5):
            yield Send(channel, n)

    def receiver():
        received = []
        for _ in range(5):
            received.append((yield Recv(channel)))
        return received

    scheduler.spawn(sender())
    task = scheduler.spawn(receiver())
    scheduler.run()
    assert task.result == [0, 1, 2, 3, 4]


def test_a_sender_waits_for_its_receiver(scheduler):
    channel = Channel()

    def sender():
        yield Send(channel, "parcel")
        return scheduler.now

    def receiver():
        yield Sleep(7)
        return (yield Recv(channel))

    sends, receives = scheduler.spawn(sender()), scheduler.spawn(receiver())
    scheduler.run()
    assert (sends.result, receives.result) == (7, "parcel")


def test_deadlock(scheduler):
    def receiver():
        yield Recv(Channel())

    task = scheduler.spawn(receiver())
    other = scheduler.spawn(give(1))
    with pytest.raises(Deadlock):
        scheduler.run()
    assert not task.done
    assert other.done


def test_nothing_to_do(scheduler):
    scheduler.run()
    assert scheduler.now == 0


@pytest.mark.parametrize(("request_", "kind"), [(42, TypeError), (Sleep(-1), ValueError), (Spawn(give), TypeError)])
def test_a_wrong_request_is_an_error_at_its_yield(scheduler, request_, kind):
    def mistaken():
        try:
            yield request_
        except kind:
            return "told so"

    task = scheduler.spawn(mistaken())
    scheduler.run()
    assert task.result == "told so"


def test_only_generators_can_be_spawned(scheduler):
    with pytest.raises(TypeError):
        scheduler.spawn(give)


def test_many_turns(scheduler):
    def worker():
        for _ in range(50_000):
            yield

    tasks = [scheduler.spawn(worker()), scheduler.spawn(worker())]
    scheduler.run()
    assert all(task.done and task.error is None for task in tasks)
