"""Public tests: run `pytest` in this folder."""

import threading

import pytest
from run_all import run_all

PATIENCE = 10  # seconds; ends a hang, decides nothing else


def test_results_in_the_order_of_the_list():
    assert run_all([lambda: "a", lambda: "b", lambda: "c"]) == ["a", "b", "c"]


def test_the_order_does_not_depend_on_who_ends_first():
    second_has_ended = threading.Event()

    def first():
        second_has_ended.wait()
        return "first"

    def second():
        second_has_ended.set()
        return "second"

    assert run_all([first, second]) == ["first", "second"]


def test_a_result_can_be_anything():
    returned = ValueError("returned, not raised")

    assert run_all([lambda: None, lambda: 0, lambda: returned]) == [None, 0, returned]


def test_the_same_function_twice():
    calls = []

    results = run_all([lambda: calls.append("x")] * 2)

    assert calls == ["x", "x"]
    assert results == [None, None]


def test_no_functions():
    assert run_all([]) == []


def test_all_at_the_same_time():
    all_inside = threading.Barrier(40)

    def meet():
        all_inside.wait(timeout=PATIENCE)  # passes when all forty have come this far
        return "met"

    try:
        results = run_all([meet] * 40)
    except threading.BrokenBarrierError:
        pytest.fail("the forty functions were never all running at the same time", pytrace=False)

    assert results == ["met"] * 40


def test_the_caller_runs_none_of_them():
    threads = run_all([threading.current_thread] * 3)

    assert threading.current_thread() not in threads


def test_the_first_exception_in_the_order_of_the_list_is_raised():
    later_has_raised = threading.Event()
    ran_to_its_end = []

    def earlier_in_the_list():
        later_has_raised.wait()
        raise LookupError("earlier in the list")

    def later_in_the_list():
        later_has_raised.set()
        raise OSError("later in the list")

    with pytest.raises(LookupError, match="earlier in the list"):
        run_all([lambda: "fine", earlier_in_the_list, later_in_the_list, lambda: ran_to_its_end.append(True)])

    assert ran_to_its_end == [True]


def test_no_thread_is_left_behind():
    before = set(threading.enumerate())
    go_on = threading.Event()

    def fail():
        threading.Timer(0.1, go_on.set).start()  # give run_all a chance to leave too early
        raise OSError("failed")

    with pytest.raises(OSError):
        run_all([fail, go_on.wait])

    left = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading.Timer)]
    go_on.set()
    assert not left, "these threads are still alive after the call"
