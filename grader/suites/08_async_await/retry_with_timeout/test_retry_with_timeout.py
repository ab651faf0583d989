"""What `retry` promises. Tries last as long as the judge says, in virtual time, so every moment is exact."""

from dataclasses import dataclass

from grader.evidence import (
    OneOf,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_returned,
    feedback,
    same,
)

SCHEDULES = 100  # without threads they differ only in how long tries last, and in the order of equal timers
LONG = 1000  # longer than any timeout here
FAILED = ("fails", "was cancelled")

# What scenarios tell.
TRIES = [(float, OneOf(float, None), str, OneOf(float, None))]  # see Try
ENDED = (TRIES, float, (str, object))  # when the call ended, and how: "returned" or "raised", and what
CANCELLED = (TRIES, float, float, str)  # when the call was cancelled, when it ended, and how


@dataclass(frozen=True)
class Try:
    """One call of `op` as the scenario recorded it. Times in virtual seconds."""

    began: float
    ended: float | None  # or cancelled
    how: str
    through: float | None  # with cleaning up


@correctness
def test_the_first_success_is_returned(student, rng):
    """The first success ends the call and is its result."""
    promise = "the value of the first try that returns"
    for result in (None, False, 0, "", [], f"result {rng.randrange(1000)}"):
        for plan in ([[1, "returns"]], [[1, "fails"], [0, "fails"], [1, "returns"]]):
            outcome = student.play("retry", plan=plan, result=result, attempts=5, timeout=10, backoff=1)
            tries = expect_tries(outcome, promise)
            expect(
                outcome.value[2],
                ["returned", result],
                f"{promise}, whatever the value is",
                look_at="how a success is told from a failure",
            )
            expect(len(tries), len(plan), "no other try after the one that returned", look_at="what ends the loop")
            expect_moment(outcome.value[1], tries[-1].through, "the call to return as soon as a try has returned")


@correctness
def test_the_last_error_is_raised(student, rng):
    """After the last try its error is raised."""
    for attempts in (1, rng.randrange(3, 6)):
        plan = [[1, "fails"]]
        outcome = student.play("retry", plan=plan, attempts=attempts, timeout=10, backoff=1)
        tries = expect_tries(outcome, "the error of the last try to be raised")
        expect(len(tries), attempts, f"{attempts} tries when attempts={attempts} and all fail", look_at="the loop")
        expect_how(outcome, f"the error of try {attempts - 1}", "the exception of the last try, and that very object")
        expect_moment(outcome.value[1], tries[-1].through, "the call to raise as soon as the last try has failed")
    plan = [[1, "fails"], [LONG, "returns"]]
    outcome = student.play("retry", plan=plan, attempts=2, timeout=rng.randrange(2, 9), backoff=1)
    expect(len(expect_tries(outcome, "a TimeoutError to be raised")), 2, "2 tries when attempts=2", look_at="the loop")
    expect_how(outcome, "TimeoutError", "a TimeoutError if the last try took too long")


@correctness
def test_what_is_never_retried(student, rng):
    """A cancellation, and whatever else is not an Exception, is never retried."""
    for ends, kind in (("is cancelled", "a CancelledError"), ("breaks off", "an exception that is not an Exception")):
        before = rng.randrange(1, 3)
        plan = [*[[1, "fails"]] * before, [1, ends], [1, "returns"]]
        outcome = student.play("retry", plan=plan, attempts=5, timeout=10, backoff=1)
        tries = expect_tries(outcome, f"{kind} to come out")
        assert any(each.how == ends for each in tries), feedback(
            "tries until one succeeds or must not be retried", f"{len(tries)} tries", look_at="what ends the loop"
        )
        expect(len(tries), before + 1, f"no other try after one that raised {kind}", look_at="what `except` catches")
        came_out = "CancelledError" if ends == "is cancelled" else f"the error of try {before}"
        expect_how(outcome, came_out, f"{kind} to come out at once if a try raises it")


@correctness
def test_arguments(student, rng):
    """Less than one attempt is refused; a backoff of 0 is fine."""
    for attempts in (0, -rng.randrange(1, 9)):
        outcome = student.play("refuse", attempts=attempts)
        expect_returned(outcome, f"a ValueError for attempts={attempts}")
        expect(
            outcome.value,
            ["ValueError", 0],
            f"a ValueError for attempts={attempts}, before any try",
            look_at="what happens before the first try",
        )
    outcome = student.play("retry", plan=[[0, "fails"]], attempts=3, timeout=10, backoff=0)
    tries = expect_tries(outcome, "the error of the last try to be raised")
    expect([each.began for each in tries], [0.0] * 3, "3 tries at once when backoff=0", look_at="how waits are made")


@concurrency
def test_exponential_backoff(student, rng):
    """Each wait is twice as long as the one before, from the end of a try to the beginning of the next."""
    limits = {"attempts": 5, "timeout": LONG, "backoff": rng.choice([0.5, 1, 1.5, 3])}
    lasts = rng.choice([1, 2, 5])
    plan = [[0, "fails"], [lasts, "fails"], [0, "fails"], [lasts, "fails"], [lasts, "fails"]]
    outcome = student.play("retry", plan=plan, **limits)
    tries = expect_tries(outcome, "5 tries that fail, and then the last error")
    expect(len(tries), 5, "5 tries when all fail and attempts=5", look_at="the loop")
    expect_begins(tries, limits["backoff"])
    expect_moment(outcome.value[1], tries[-1].through, "no wait after the last try: the call to end with it")
    assert not outcome.blocked, feedback(
        "the event loop to go on while the call waits",
        f"it was blocked, in {outcome.blocked[0]}",
        look_at="calls that wait without `await`",
    )


@concurrency
def test_timeout_for_each_try(student, rng):
    """Each try has its full time, and is cancelled when that is over."""
    timeout = rng.choice([10, 12, 14])
    plan = [
        [timeout - 1, "fails"],
        [LONG, "returns"],
        [timeout - 3, "fails"],
        [LONG, "fails"],
        [timeout - 2, "returns"],
    ]
    limits = {"attempts": 6, "timeout": timeout, "backoff": timeout / 4}

    def judged(outcome):
        tries = expect_tries(outcome, "tries that end in time to be left alone, and the others to be cancelled")
        expect_timeouts(tries, timeout)
        returned = [each.how for each in tries].count("returns")
        assert returned == (tries[-1].how == "returns") and (returned or len(tries) == 6), feedback(
            "tries until one returns, or 6 in all (attempts=6)", f"{len(tries)} tries", look_at="what ends the loop"
        )
        expect_begins(tries, limits["backoff"])

    student.explore("retry", judged, SCHEDULES, plan=plan, **limits)


@concurrency
def test_a_cancelled_try_cleans_up(student, rng):
    """What follows a timeout waits until the cancelled try has cleaned up."""
    limits = {"attempts": 3, "timeout": rng.choice([4, 6]), "backoff": 2}
    promise = "a try that took too long to clean up, and then the wait to begin"

    def judged(outcome):
        tries = expect_tries(outcome, promise)
        expect(len(tries), 3, "3 tries when all take too long and attempts=3", look_at="what counts as a failure")
        for number, each in enumerate(tries):
            end = tries[number + 1].began if number < 2 else outcome.value[1]
            assert each.how == "was cancelled" and each.through is not None and each.through <= end, feedback(
                promise,
                f"try {number + 1} had not cleaned up when {'the next one began' if number < 2 else 'the call ended'}",
                look_at="what the call waits for after it has cancelled a try",
            )
        expect_begins(tries, limits["backoff"])
        expect_moment(outcome.value[1], tries[-1].through, "the call to end when the last try has cleaned up")
        expect_nothing_left(outcome)

    student.explore("retry", judged, SCHEDULES, plan=[[LONG, "returns"]], clean_up=3, **limits)


@concurrency
def test_cancelling_the_call(student, rng):
    """Cancelling the call ends the try in progress, or the wait, and nothing is tried again."""
    limits = {"attempts": 4, "timeout": LONG, "backoff": 500}
    trying = [[1, "fails"], [LONG - 1, "fails"]]
    for plan, after, when in (
        (trying[1:], rng.randrange(2, 40), "a try"),
        (trying[:1], rng.randrange(12, 40), "a wait"),
    ):

        def judged(outcome, when=when):
            promise = f"CancelledError from a call that was cancelled during {when}"
            tries = expect_tries(outcome, promise, CANCELLED)
            _, cancelled, ended, how = outcome.value
            expect(len(tries), 1, f"no other try after the call was cancelled during {when}", look_at="what is caught")
            expect(how, "cancelled", promise, look_at="what happens to a CancelledError")
            expect_nothing_left(outcome)
            if when == "a try":
                expect(tries[0].how, "was cancelled", "the try in progress to be cancelled", look_at="who runs the try")
                expect_moment(tries[0].ended, cancelled, "the try to be cancelled when the call is")
                expect_moment(ended, tries[0].through, "the call to end when the cancelled try has cleaned up")
            else:
                expect_moment(ended, cancelled, "the call to end at once when it is cancelled during a wait")

        student.explore("cancel", judged, SCHEDULES, plan=plan, after=after, clean_up=3, **limits)


def expect_tries(outcome, promise, shape=ENDED):
    """The tries, in the order in which they began. Fails the check unless there is a record of at least one."""
    expect_returned(outcome, promise)
    record, *_ = answer(outcome.value, shape)
    assert record, feedback("`op` to be called", "it was not", look_at="what is awaited")
    return [Try(*entry) for entry in record]


def expect_begins(tries, backoff):
    """Fails the check unless the first try began at once, and each other as long after the one before as promised."""
    expect_moment(tries[0].began, 0.0, "the first try to begin at once")
    for number in range(1, len(tries)):
        before, wait = tries[number - 1], backoff * 2 ** (number - 1)
        assert before.through is not None and before.how in FAILED, feedback(
            "another try only after one has failed, and one at a time",
            f"try {number + 1} began and try {number} had not {'ended' if before.through is None else 'failed'}",
            look_at="when the next try begins",
        )
        expect_moment(
            tries[number].began,
            before.through + wait,
            f"try {number + 1} to begin {wait:g} virtual seconds (backoff={backoff:g}) after try {number} had ended",
        )


def expect_timeouts(tries, timeout):
    """Fails the check unless every try ended within its time, or was cancelled when that was over."""
    for number, each in enumerate(tries, 1):
        limit = each.began + timeout
        if each.how == "was cancelled":
            expect_moment(
                each.ended,
                limit,
                f"try {number} to be cancelled {timeout} virtual seconds after it began, not at another time",
            )
        else:
            assert each.ended is not None and each.ended <= limit, feedback(
                f"try {number} to be cancelled {timeout} virtual seconds after it began",
                "it went on",
                look_at="what a time limit is set for",
            )


def expect_how(outcome, wanted, promise):
    """Fails the check unless the call raised this."""
    how, what = outcome.value[2]
    raised = how == "raised"
    assert raised and same(what, wanted), feedback(
        promise,
        f"the call raised {what}" if raised else "the call returned",
        look_at="what becomes of an exception that was caught",
    )


def expect_nothing_left(outcome):
    expect_none_left(
        outcome.leftover_tasks,
        "every task to have ended when the call ends",
        look_at="who waits for the try that was cancelled",
    )


def expect_moment(got, wanted, promise):
    """Fails the check unless these are the same moment: what is added up differently may be rounded differently."""
    right = type(got) is type(wanted) is float and abs(got - wanted) < 1e-6
    assert right, feedback(
        f"{promise} (at {shown(wanted)})",
        f"that was at {shown(got)}",
        look_at="from when to when each wait and limit lasts",
    )


def shown(seconds):
    return f"{seconds:g}" if type(seconds) is float else "no moment at all"
