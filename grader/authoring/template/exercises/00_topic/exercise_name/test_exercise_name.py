"""Public tests: run `pytest` in this folder."""

import threading

from exercise_name import exercise_name

STUCK_AFTER = 10  # seconds; ends a hang, decides nothing else


def test_the_results_are_added_up():
    assert exercise_name([1, 2, 2], lambda item: 10 * item) == 50


def test_no_items():
    assert exercise_name([], abs) == 0


def test_three_calls_at_once():
    three_inside = threading.Barrier(3)

    def work(item):
        three_inside.wait(STUCK_AFTER)  # passes when three calls have come this far
        return item

    assert exercise_name([1, 2, 3], work) == 6, "three calls were never in progress at the same time"


def test_no_thread_is_left():
    before = set(threading.enumerate())

    exercise_name([1, 2, 3], abs)

    assert set(threading.enumerate()) <= before
