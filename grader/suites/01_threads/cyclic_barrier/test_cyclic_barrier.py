"""What `Barrier` promises, over many orders of its threads."""

from grader.evidence import (
    VirtualTime,
    answer,
    answers,
    concurrency,
    correctness,
    expect,
    expect_raised,
    expect_returned,
    feedback,
    shown,
)

LONG = 10**6  # virtual seconds
UNHURRIED_S = 3.0  # how long threads that wait with a time-out are watched before they count as asleep
MEETING = "test_meeting"
# How many calls of wait returned too early; which ready-made classes were used; what each round's calls returned.
MET = {"early": int, "made": [str]}
PLAYED = {"early": int, "indices": [[object]]}


@correctness
def test_meeting(student):
    """Two threads meet once, at a barrier made of locks and conditions."""
    outcome = student.play("meet", parties=2)
    expect_returned(outcome, "two threads to meet at a barrier for two")
    made = answer(outcome.value, MET)["made"]
    assert not made, feedback(
        "a barrier made of Lock, RLock and Condition only",
        f"also made of {', '.join(made)}",
        look_at="which classes of the standard library your file makes objects of, or derives from",
    )
    expect_nobody_early(outcome, MET)


@correctness(depends_on=MEETING)
def test_arguments(student, rng):
    """Less than one party raises ValueError; a party of one waits for nobody."""
    for parties in (0, -rng.randrange(1, 9)):
        expect_raised(student.play("refuse", parties=parties), "ValueError", f"a ValueError for Barrier({parties})")
    alone = student.play("wait_alone", times=3)
    expect_returned(alone, "wait() at a barrier for one to return at once")
    expect(alone.value, [0, 0, 0], "wait() to return 0 each time at a barrier for one")


@correctness(depends_on=MEETING)
def test_barriers_are_independent(student):
    """Barriers know nothing of each other."""
    promise = "the threads at a full barrier to leave it, and those at another one, which is not full, to wait on"
    look_at = "what belongs to one barrier, and what to all of them"
    outcome = student.play("side_by_side", parties=2)
    expect_returned(outcome, promise)
    expect(outcome.value, ["full", "full", "other", "other"], promise, look_at)


@concurrency(depends_on=MEETING)
def test_nobody_leaves_early(student):
    """Nobody leaves before all have arrived, and then all leave."""
    expect_nobody_early(student.play("rounds", parties=3, waits=[1, 1, 1], late=10))
    student.explore("rounds", expect_nobody_early, schedules=500, parties=3, waits=[1, 1, 1])


@concurrency(depends_on=MEETING)
def test_reusable(student):
    """The barrier works round after round, however fast some are back."""
    for parties, rounds in ((2, 3), (3, 2)):
        student.explore("rounds", expect_nobody_early, schedules=300, parties=parties, waits=[rounds] * parties)


@concurrency(depends_on=MEETING)
def test_indices(student):
    """In each round, each index is returned once."""
    parties, rounds = 3, 2

    def judged(outcome):
        expect_returned(outcome, "every wait() to return")
        told = answer(outcome.value, PLAYED)
        for _, indices in answers(told["indices"], [object], range(rounds)):
            right = all(type(index) is int for index in indices) and sorted(indices) == list(range(parties))
            assert right, feedback(
                f"the calls of one round to return each of the numbers 0 to {parties - 1} once",
                f"they returned {shown(indices)}",
                look_at="at which moment the number is decided that a call returns",
            )

    student.explore("rounds", judged, schedules=200, parties=parties, waits=[rounds] * parties)


@concurrency(depends_on=MEETING)
def test_more_threads_than_parties(student):
    """More threads than parties may use the barrier."""
    student.explore("rounds", expect_nobody_early, schedules=500, parties=2, waits=[1] * 4)


@concurrency(depends_on=MEETING)
def test_waiting_threads_sleep(student):
    """A thread that waits is asleep until it is woken."""
    calls = VirtualTime({"come late": lambda: None}, lasts={"come late": 10}, patience_s=UNHURRIED_S)
    seen = student.run("one_comes_late", parties=3, calls=calls)
    expect(seen.value, [0, 1, 2], "all three threads to leave, with an index each, once the last one has come")
    assert seen.calls("come late"), feedback("the last thread to come while two wait", "it never came")
    promise = "threads that wait to be asleep until another thread wakes them"
    look_at = "loops that ask again and again whether something has changed"
    assert not seen.busy_waited, feedback(promise, "processor time was burnt while everybody had to wait", look_at)
    assert not seen.polled, feedback(promise, "some woke up again and again, only to look", look_at)
    expect_nobody_early(student.play("rounds", parties=3, waits=[1, 1, 1], late=LONG))  # no end to it for who looks


def expect_nobody_early(outcome, shape=PLAYED):
    expect_returned(outcome, "every wait() to return once its round is full")
    early = answer(outcome.value, shape)["early"]
    assert early == 0, feedback(
        "no wait() to return before its round is full",
        f"{early} returned too early",
        look_at="what a thread that has been woken looks at before it leaves, and who may have changed that meanwhile",
    )
