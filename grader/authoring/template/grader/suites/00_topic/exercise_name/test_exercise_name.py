"""What `exercise_name` promises. Calls are held by the judge, or run under schedules, so nothing depends on a clock."""

import pytest

from grader.evidence import (
    Rendezvous,
    VirtualTime,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_returned,
    feedback,
)


@pytest.fixture
def items(rng):
    return rng.sample(range(1, 100), 4)


def one_by_one():
    """Each call returns three times its item, and ends when it has lasted as many virtual seconds as the item says."""
    return VirtualTime({"work": lambda item: 3 * item}, lasts={"work": lambda item: item})


@correctness
def test_sum(student, items):
    """The results of all calls are added up, also for equal items and for none."""
    for given in ([*items, items[0]], []):
        promise = f"the sum of what {len(given)} calls returned"
        seen = student.run("held_by_the_judge", items=given, calls=one_by_one())
        expect_returned(seen, promise)
        expect(seen.value, 3 * sum(given), promise, look_at="what work is called with, and how its results are added")
        expect(len(seen.calls("work")), len(given), f"work called {len(given)} times", look_at="equal items")


@concurrency(depends_on="test_sum")
def test_all_at_once(student, items):
    """All calls are in progress at the same time."""
    together = Rendezvous(len(items), of="work", replies={"work": lambda item: item})
    seen = student.run("held_by_the_judge", items=items, calls=together)
    promise, look_at = f"all {len(items)} calls in progress at the same time", "what each call waits for to begin"
    expect_returned(seen, promise, look_at)
    assert together.met, feedback(
        promise,
        f"at most {seen.peak('work')}, and no more began until one of these had ended",
        look_at,
        show=seen.timeline(),
    )
    expect(seen.value, sum(items), "the sum of what the calls returned", look_at="how their results are added")


@concurrency(depends_on="test_sum")
def test_no_result_is_lost(student, items):
    """Every result is in the sum, however the threads take turns."""
    two = items[:2]

    def judged(outcome):
        promise = "the sum of all results, in every order of the threads' steps"
        expect_returned(outcome, promise)
        expect(outcome.value, 2 * sum(two), promise, look_at="what another thread may do between two steps")

    student.explore("taking_turns", judged, items=two)


@concurrency(depends_on="test_sum")
def test_no_thread_is_left(student, items):
    """Every thread has ended when the call returns."""
    seen = student.run("held_by_the_judge", items=items, calls=one_by_one())
    expect(seen.value, 3 * sum(items), "the sum of all results")
    expect_none_left(
        seen.leftover_threads + seen.leftover_processes,
        "no thread of exercise_name alive after it has returned",
        look_at="who waits for the threads to end",
    )
