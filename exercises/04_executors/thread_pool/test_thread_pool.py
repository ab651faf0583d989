"""Public tests: run `pytest` in this folder."""

import threading

import pytest
from thread_pool import CancelledError, ThreadPool

PATIENCE = 30  # seconds; ends a hang, decides nothing else


@pytest.fixture
def gate():
    """Calls wait at it until a test opens it, at the latest at its end."""
    event = threading.Event()
    yield event
    event.set()


def failing(error):
    raise error


def test_result():
    with ThreadPool(2) as pool:
        assert pool.submit(int, "ff", base=16).result() == 255
        assert pool.submit(lambda: None).exception() is None


def test_an_exception_belongs_to_its_future_and_the_worker_lives_on():
    error = LookupError("nothing here")
    with ThreadPool(1) as pool:
        failed = pool.submit(failing, error)
        with pytest.raises(LookupError) as caught:
            failed.result()
        assert caught.value is error
        assert failed.exception() is error
        assert pool.submit(len, "abc").result() == 3


def test_calls_run_at_the_same_time():
    meeting = threading.Barrier(3)  # nobody passes before three calls are inside
    with ThreadPool(3) as pool:
        futures = [pool.submit(meeting.wait) for _ in range(6)]
        assert sorted(future.result() for future in futures) == [0, 0, 1, 1, 2, 2]


def test_result_times_out(gate):
    with ThreadPool(1) as pool:
        future = pool.submit(gate.wait)
        with pytest.raises(TimeoutError):
            future.result(timeout=0.01)
        assert not future.done()
        gate.set()
        assert future.result(timeout=PATIENCE) is True


def test_cancel(gate):
    ran = []
    with ThreadPool(1) as pool:
        begun = threading.Event()
        running = pool.submit(lambda: (begun.set(), gate.wait()))
        begun.wait()
        pending = pool.submit(ran.append, "pending")
        assert pending.cancel() is True
        assert pending.done()
        assert running.cancel() is False
        with pytest.raises(CancelledError):
            pending.result()
        gate.set()
    assert ran == []


def test_callbacks_are_called_once_and_in_order(gate):
    called = []
    with ThreadPool(1) as pool:
        future = pool.submit(gate.wait)
        for number in range(3):
            future.add_done_callback(lambda done, number=number: called.append((number, done is future, done.done())))
        gate.set()
    future.add_done_callback(lambda done: called.append("at once"))
    assert called == [(0, True, True), (1, True, True), (2, True, True), "at once"]


def test_a_failing_callback_does_no_harm(gate):
    called = []
    with ThreadPool(1) as pool:
        future = pool.submit(gate.wait)
        future.add_done_callback(lambda done: failing(LookupError("in a callback")))
        future.add_done_callback(called.append)
        gate.set()
        assert pool.submit(len, "abc").result() == 3
    assert called == [future]


def test_map_keeps_the_order():
    first_may_end = threading.Event()

    def call(a, b):
        first_may_end.set() if a else first_may_end.wait()
        return a + b

    with ThreadPool(2) as pool:
        assert list(pool.map(call, [0, 1, 2], [10, 20, 30, 40])) == [10, 21, 32]


def test_shutdown_waits_and_refuses():
    pool = ThreadPool(2)
    before = threading.active_count()
    futures = [pool.submit(pow, 2, n) for n in range(9)]
    pool.shutdown()
    assert all(future.done() for future in futures)
    assert threading.active_count() <= before, "a thread of the pool is still there"
    with pytest.raises(RuntimeError):
        pool.submit(len, "abc")
    pool.shutdown()


def test_shutdown_can_cancel(gate):
    pool = ThreadPool(1)
    begun = threading.Event()
    running = pool.submit(lambda: (begun.set(), gate.wait()))
    begun.wait()
    pending = [pool.submit(len, "abc") for _ in range(3)]
    pool.shutdown(wait=False, cancel_futures=True)
    assert all(future.done() for future in pending)
    assert not running.done()
    gate.set()
    pool.shutdown()
    assert running.exception() is None


def test_at_least_one_worker():
    with pytest.raises(ValueError):
        ThreadPool(0)
