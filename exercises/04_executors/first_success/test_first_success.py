"""Public tests: run `pytest` in this folder."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from first_success import first_success


@pytest.fixture
def executor():
    with ThreadPoolExecutor(3) as executor:
        yield executor


@pytest.fixture
def later():
    """Set at the end of a test, for calls that must not be waited for."""
    event = threading.Event()
    yield event
    event.set()


def failing(error):
    def call():
        raise error

    return call


@pytest.mark.parametrize("value", ["copy", None, False, 0])
def test_the_only_success_is_returned(executor, value):
    calls = [failing(OSError("down")), lambda: value, failing(LookupError("gone"))]
    assert first_success(calls, executor) is value


def test_a_failure_that_comes_first_does_not_win(executor):
    has_failed = threading.Event()

    def fail():
        has_failed.set()
        raise OSError("down")

    def succeed():
        has_failed.wait()
        return "copy"

    assert first_success([fail, succeed], executor) == "copy"


def test_slow_calls_are_not_waited_for(executor, later):
    try:
        assert first_success([later.wait, lambda: "copy", later.wait], executor) == "copy"
    finally:
        later.set()


def test_calls_run_at_the_same_time(executor):
    meeting = threading.Barrier(3)  # nobody passes before three calls are inside
    assert first_success([meeting.wait] * 3, executor) in (0, 1, 2)


def test_all_failing_raises_a_group_in_input_order(executor):
    second_has_failed = threading.Event()
    first, second = OSError("first"), LookupError("second")

    def fail_late():
        second_has_failed.wait()
        raise first

    def fail_early():
        second_has_failed.set()
        raise second

    with pytest.raises(ExceptionGroup) as caught:
        first_success([fail_late, fail_early], executor)
    assert list(caught.value.exceptions) == [first, second]


def test_pending_calls_never_begin(later):
    begun = []

    def pending(number):
        def call():
            begun.append(number)
            later.wait()

        return call

    with ThreadPoolExecutor(1) as executor:
        try:
            assert first_success([lambda: "copy", *map(pending, range(5))], executor) == "copy"
        finally:
            later.set()
    assert len(begun) <= 1, "only the worker that became free may have taken one more"


def test_the_executor_stays_open(executor):
    first_success([lambda: 1], executor)
    assert executor.submit(lambda: 2).result() == 2


def test_calls_may_come_from_an_iterator(executor):
    assert first_success(iter([failing(OSError("down")), lambda: 1]), executor) == 1


def test_no_calls(executor):
    with pytest.raises(ValueError):
        first_success([], executor)
