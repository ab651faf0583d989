"""What `RWLock` promises, over many orders of its threads. Times are virtual seconds."""

from functools import partial

from grader.evidence import (
    OneOf,
    Rendezvous,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_returned,
    feedback,
)

LONG = 10**6
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep
MANY = 20  # readers
WHO = {"read": "reader", "write": "writer"}
ALL_GET_IN = "every thread to get in, and out again"


@correctness
def test_exceptions(student, rng):
    """An exception in the body comes out, and the lock is let go."""
    for mode in ("read", "write"):
        outcome = student.play("raising", mode=mode, message=f"no page {rng.randrange(1000)}")
        expect_returned(outcome, "a lock that can be used again after an exception in the body")
        expect(
            outcome.value,
            [True, True],
            f"the exception of the body to come out of `with lock.{mode}()` as it is",
            look_at="what your context manager does with an exception that ends the body",
        )


@correctness
def test_locks_are_independent(student):
    """Two locks know nothing of each other."""
    promise = "a thread inside one lock to be let into another one"
    outcome = student.play("side_by_side")
    expect_returned(outcome, promise)
    expect(outcome.value, 2, promise)


@concurrency
def test_readers_share(student):
    """Readers are inside at the same time."""
    calls = Rendezvous(3, of="stay", replies={"arrive": lambda number: None, "stay": lambda number: None})
    seen = student.run("held", calls=calls, modes=["read"] * 3)
    expect_all_left(seen)
    look_at = "what is held, and what is not, while a reader is inside"
    assert calls.met, feedback(
        "three readers inside at the same time", f"at most {seen.peak('stay')}", look_at, show=seen.timeline("stay")
    )
    outcome = student.play("visits", plan=[["read", arrives, 100] for arrives in range(MANY)])
    expect_returned(outcome, ALL_GET_IN)
    each_at_once = [float(arrives) for arrives in range(MANY)]
    expect(outcome.value, each_at_once, "a reader to go in when it comes, while other readers are inside", look_at)

    def judged(outcome):
        expect_returned(outcome, ALL_GET_IN)
        expect(
            outcome.value,
            [0.0, 5.0, 5.0, 5.0],
            "all readers that have waited for a writer to go in when it leaves",
            look_at="whom a writer wakes when it leaves",
        )

    after_a_writer = [["write", 0, 5], ["read", 1, 10], ["read", 2, 10], ["read", 3, 10]]
    student.explore("visits", judged, schedules=60, plan=after_a_writer)


@concurrency
def test_writer_is_alone(student):
    """While a writer is inside, nobody else is."""

    def judged(outcome, plan):
        expect_returned(outcome, ALL_GET_IN)
        told = answer(outcome.value, {"met": [(str, str)], "been_in": int})
        met = {(WHO.get(who, "thread"), WHO.get(whom, "thread")) for who, whom in told["met"]}
        assert not met, feedback(
            "a writer to be alone inside",
            "; ".join(sorted(f"a {who} came in while a {whom} was inside" for who, whom in met)),
            look_at="which numbers are looked at and changed at the entrance, and under which lock",
        )
        expect(told["been_in"], sum(map(len, plan)), ALL_GET_IN)

    crossing = [["write", "read"], ["read", "write"]]
    for plan, stays in (([["write"]] * 3, 1), ([["read"], ["read"], ["write"]], 1), (crossing, 0)):
        student.explore("crowd", partial(judged, plan=plan), schedules=300, plan=plan, stays=stays)


@concurrency
def test_no_writer_starves(student):
    """A waiting writer goes in before the readers that come after it."""
    look_at = "what a reader looks at before it goes in, and from when until when a writer shows that it waits"

    def judged(outcome):
        went_in = moments(outcome, stream)
        expect(went_in[1], 3.0, "the writer to go in at 3, when the reader leaves that was inside first", look_at)

    # Each of the later readers comes before the last one would leave.
    stream = [["read", 0, 3], ["write", 1, 2], ["read", 2, 4], ["read", 4, 4]]
    student.explore("visits", judged, schedules=60, plan=stream)

    def judged_for_two(outcome):
        _, one, other, _, late, later = moments(outcome, two_writers)
        assert max(one, other) < min(late, later), feedback(
            "no reader to go in that comes while both writers, or one of them, wait for other readers to leave",
            f"one went in at {min(late, later):g}, the last of the two writers at {max(one, other):g}",
            look_at,
        )

    # At 6 the first of the writers leaves; the reader that came at 3 may go in before the second one, the others not.
    two_writers = [["read", 0, 4], ["write", 1, 2], ["write", 2, 2], ["read", 3, 3], ["read", 7, 4], ["read", 10, 4]]
    student.explore("visits", judged_for_two, schedules=150, plan=two_writers)


@concurrency
def test_everybody_gets_in(student):
    """Whoever waits gets in when the others have left."""
    behind_a_writer = [["write", 0, 5], ["read", 1, 2], ["write", 2, 2], ["read", 3, 2], ["read", 3, 2]]
    behind_a_reader = [["read", 0, 5], ["write", 1, 2], ["read", 2, 2], ["write", 3, 2], ["write", 7, 2]]
    for plan in (behind_a_writer, behind_a_reader):
        student.explore("visits", partial(moments, plan=plan), schedules=80, plan=plan)


@concurrency
def test_waiting_threads_sleep(student):
    """A thread that waits is asleep until it is woken."""
    promise = "threads that wait to be asleep until another thread wakes them"
    look_at = "loops that ask again and again whether something has changed"
    for modes in (["write", "read", "write"], ["read", "write", "read"]):
        calls = VirtualTime(
            {"arrive": lambda number: None, "stay": lambda number: None},
            lasts={"arrive": lambda number: number, "stay": 10},
            patience_s=UNHURRIED_S,
        )
        seen = student.run("held", calls=calls, modes=modes)
        expect_all_left(seen)
        expect(len(seen.calls("stay")), len(modes), "all three threads to have been inside")
        assert not seen.busy_waited, feedback(promise, "processor time was burnt while everybody had to wait", look_at)
        assert not seen.polled, feedback(promise, "some woke up again and again, only to look", look_at)
    # Who wakes up now and then to look, however seldom, does not come to an end of it here.
    for waiting in (["read", 2, 1], ["write", 2, 1]):
        plan = [["read", 0, LONG], ["write", 1, 1], waiting]
        went_in = moments(student.play("visits", plan=plan), plan)
        expect(went_in[0], 0.0, ALL_GET_IN)


def expect_all_left(seen):
    """Fails the check unless all threads of `held` have come to their end."""
    expect_returned(seen, ALL_GET_IN)
    answer(seen.value, None)


def moments(outcome, plan):
    """When each thread of the plan went in. Fails the check unless all did."""
    expect_returned(outcome, ALL_GET_IN)
    went_in = answer(outcome.value, (OneOf(float, None),) * len(plan))
    assert None not in went_in, feedback(ALL_GET_IN, "some never did")
    return went_in
