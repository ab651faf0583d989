"""What `bounded_gather` promises. Jobs and their cleaning up are held in virtual time, so every moment is exact."""

import heapq
from dataclasses import dataclass, replace

import pytest

from grader.evidence import (
    RemoteException,
    Verdict,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_raised,
    expect_returned,
    feedback,
)

ANNOUNCEMENTS = ("called", "ended", "left_behind", "never_awaited", "raised_the_error_of")
LONG_AFTERWARDS = 10_000


@dataclass(frozen=True)
class Plan:
    """What the judge does: the i-th of each list is for the job that factories[i] starts. Times in virtual seconds."""

    limit: int
    lasts: list[int]
    clean_up_lasts: list[int]
    answers: list[object]  # results, or exceptions that are raised
    occasion: str
    scenario: str = "gather"
    moment: float = 0.0  # of the error, or of the cancellation of the call
    running: tuple[int, ...] = ()  # the jobs in progress at that moment

    def run(self, student, **replies):
        """Plays the plan; `replies` are the answers that a check wants to differ."""
        nothing = dict.fromkeys((*ANNOUNCEMENTS, "clean_up", "before_cancelling", "afterwards"), lambda *args: None)
        calls = VirtualTime(
            {**nothing, "job": by_index(self.answers), **replies},
            lasts={
                "job": by_index(self.lasts),
                "clean_up": by_index(self.clean_up_lasts),
                "before_cancelling": self.moment,
                "afterwards": LONG_AFTERWARDS,
            },
        )
        return student.run(self.scenario, number=len(self.lasts), limit=self.limit, calls=calls)


@pytest.fixture
def success(rng):
    """Every job is shorter than the one before it, so that they end in another order than they begin."""
    results = [None, rng.choice((0, "", False)), *rng.sample(range(1, 1000), 6)]
    rng.shuffle(results)
    lasts = sorted(rng.sample(range(10, 100), len(results)), reverse=True)
    return Plan(limit=3, lasts=lasts, clean_up_lasts=[1] * 8, answers=results, occasion="all went well")


@pytest.fixture
def failure(rng):
    """Job 1 ends, job 4 begins in its place, and then job 2 fails while two others have not been called.

    Left alone, job 0 would be the next to end.
    """
    end, error = sorted(rng.sample(range(2, 30), 2))
    lasts = sorted(rng.sample(range(100, 200), 7))
    lasts[1:3] = [end, error]
    answers: list[object] = [f"result {n}" for n in range(7)]
    answers[2] = LookupError(f"no record {rng.randrange(1000)}")
    return Plan(
        limit=4,
        lasts=lasts,
        clean_up_lasts=clean_ups(rng, 7, (0, 3, 4)),
        answers=answers,
        occasion="one failed",
        moment=error,
        running=(0, 3, 4),
    )


@pytest.fixture
def cancellation(rng):
    """The call is cancelled before any job has ended, while three others have not been called."""
    return Plan(
        limit=3,
        lasts=rng.sample(range(100, 200), 6),
        clean_up_lasts=clean_ups(rng, 6, (0, 1, 2)),
        answers=[f"result {n}" for n in range(6)],
        occasion="the call was cancelled",
        scenario="gather_and_cancel",
        moment=rng.randrange(2, 30),
        running=(0, 1, 2),
    )


def by_index(values):
    """Unlike a list's, without negative ones."""
    return dict(enumerate(values)).__getitem__


def clean_ups(rng, number, running):
    """How long cleaning up lasts. A slot set free by an error may be taken at that moment: such a job is done first."""
    lasts = [1] * number
    for index, duration in zip(running, rng.sample(range(2, 30), len(running)), strict=True):
        lasts[index] = duration
    return lasts


@correctness
def test_results_in_input_order(student, success):
    """Results stand in input order."""
    seen = success.run(student)
    expect(
        returned(seen),
        success.answers,
        "one result for each factory, in input order, whichever awaitable finishes first",
        look_at="how a result finds its place in the list",
    )


@correctness
def test_first_error_is_raised(student, success, failure):
    """The first error is raised, as it is."""
    promise = "the exception of the awaitable that failed first, also when others fail while they clean up"
    seen = failure.run(student, clean_up=lambda index: OSError(f"disconnected {index}"))
    expect_error(seen, failure.answers[2], promise, look_at="what is raised when several have failed")
    assert [call.args for call in seen.calls("raised_the_error_of")] == [[2]], feedback(
        "the very object that the awaitable raised",
        "an exception that looks like it, but is another object",
        look_at="where the exception is raised again",
    )
    error = OSError("cannot begin")
    seen = success.run(student, called=lambda index: error if index == 4 else None)
    promise = "the exception that a factory raised when it was called"
    expect_error(seen, error, promise, look_at="what happens if the call of a factory raises")


@correctness
def test_arguments(student, success):
    """No factories, any iterable, any awaitable, and a limit below 1."""
    nothing = replace(success, lasts=[], answers=[]).run(student)
    expect_returned(nothing, "an empty list for no factories")
    look_at = "what is returned when there is nothing to do"
    expect(returned(nothing), [], "an empty list for no factories", look_at)
    few = replace(success, lasts=success.lasts[:3], answers=["first", "second", "third"], limit=2)
    for scenario, what, look_at in (
        ("gather_from_iterator", "factories come from an iterator", "what is asked of the factories, and how often"),
        ("gather_any_awaitable", "factories return a coroutine, a task and a future", "what is done with an awaitable"),
    ):
        seen = replace(few, scenario=scenario).run(student)
        expect_returned(seen, f"the results when {what}", look_at)
        expect(returned(seen), few.answers, f"the results when {what}", look_at)
    for limit in (0, -1):
        refused = replace(few, limit=limit).run(student)
        expect_raised(refused, "ValueError", f"a ValueError for limit={limit}")
        assert not refused.calls("called"), feedback(
            "a ValueError before any factory is called", f"{len(refused.calls('called'))} had been called"
        )


@correctness
def test_nothing_is_left_behind(student, success, failure, cancellation):
    """No task runs on, and no coroutine was made that nobody awaited."""
    seen = success.run(student)
    expect_complete(success, seen)
    expect_nothing_left(success, seen)
    for plan in (failure, cancellation):
        seen = plan.run(student)
        expect_nothing_left(plan, seen)
        assert any(call.failed or call.abandoned for call in seen.calls("job")), feedback(
            f"awaitables in progress when {plan.occasion}", "none", "what is awaited", timeline(seen)
        )


@concurrency
def test_any_latency(student, rng):
    """However long each awaitable takes, and whichever of two that end together comes first."""
    limit = rng.choice((2, 3))
    number = 2 * limit

    def gathered(outcome):
        promise = "all results in input order, however long each awaitable takes"
        expect_returned(outcome, promise)
        expect(outcome.value, (list(range(number)), limit), promise, look_at="what gives the results their order")
        expect_no_task_left(outcome)

    def failed(outcome):
        expect_raised(outcome, "LookupError", "the error of the awaitable that failed, whatever else is in progress")
        expect_no_task_left(outcome)

    student.explore("gathered", gathered, schedules=160, number=number, limit=limit)
    fails = rng.randrange(number)
    student.explore("gathered", failed, schedules=160, number=number, limit=limit, fails=fails)


def expect_no_task_left(outcome):
    expect_none_left(
        outcome.leftover_tasks,
        "every task to have ended when the call ends",
        look_at="who waits for the tasks that are cancelled",
    )


@concurrency
def test_at_most_limit_in_progress(student, success):
    """Never more than limit factories are called and not finished."""
    for limit in (3, 1):
        seen = replace(success, limit=limit).run(student)
        expect_complete(success, seen)
        peak = max(seen.peak("job"), *in_progress(seen))
        assert peak <= limit, feedback(
            f"at most {limit} called whose awaitable has not finished",
            f"{peak} at once",
            look_at="what comes first: room, or the call of the factory",
            show=timeline(seen),
        )


@concurrency
def test_next_starts_at_once(student, success):
    """The next factory is called the moment there is room."""
    for limit in (3, len(success.lasts) + 2):
        seen = replace(success, limit=limit).run(student)
        called = seen.calls("called")
        expect_complete(success, seen)
        assert [call.args for call in called] == [[index] for index in range(len(success.lasts))], feedback(
            "each factory called once, in input order", "another order, or not each of them once", show=timeline(seen)
        )
        for index, moment in enumerate(list_schedule(success.lasts, limit)):
            begun = max(called[index].began, call_for(seen, "job", index).began)
            assert begun <= moment, feedback(
                f"factories[{index}] called at {moment} virtual seconds, the moment there was room (limit {limit}), "
                "and what it returned awaited",
                f"that was at {begun:g}",
                look_at="what the call of the next factory waits for",
                show=timeline(seen),
            )


@concurrency(depends_on="test_next_starts_at_once")
def test_first_error_cancels_the_rest(student, failure):
    """The first error cancels the others at once."""
    expect_cancelled(failure, failure.run(student), look_at="who notices an error, and when")


@concurrency(depends_on="test_next_starts_at_once")
def test_cancelling_the_call_cancels_all(student, cancellation):
    """Cancelling the call cancels everything in progress."""
    seen = cancellation.run(student)
    expect_cancelled(cancellation, seen, look_at="what becomes of the others when the call itself is cancelled")
    expect_raised(
        seen,
        "CancelledError",
        "CancelledError from a call that was cancelled",
        look_at="what happens to a CancelledError after it was caught",
    )


@concurrency(depends_on="test_next_starts_at_once")
def test_cleaning_up_is_awaited(student, failure, cancellation):
    """The call ends when the last has cleaned up, and not before."""
    for plan in (failure, cancellation):
        seen = plan.run(student)
        for index in plan.running:
            expect_cleaned_up(plan, seen, index)
        through = max((call.ended for call in seen.calls("clean_up") if not call.open), default=0.0)
        ends = [call.began for call in seen.calls("ended")]
        assert ends == [through], feedback(
            f"the call to end at {through:g} virtual seconds, when the last has cleaned up (this time {plan.occasion})",
            " and ".join(f"it ended at {end:g}" for end in ends[:2]) or "its end was not reported",
            look_at="what the call waits for after it has cancelled the others",
            show=timeline(seen),
        )


def expect_complete(plan, seen):
    """Fails the check unless the call returned and every job had come to its end."""
    promise = "every factory called once and every awaitable finished, when nothing fails"
    expect_returned(seen, promise)
    returned(seen)  # whatever it is
    number = len(plan.lasts)
    jobs = [call_for(seen, "job", index) for index in range(number)]
    finished = sum(job is not None and not job.open and not job.abandoned for job in jobs)
    called = len(seen.calls("called"))
    assert finished == called == len(seen.calls("job")) == number, feedback(
        promise,
        f"{called} calls, and {finished} of {number} finished",
        look_at="how the call knows that all is done",
        show=timeline(seen),
    )


def expect_error(seen, error, promise, look_at):
    """Fails the check unless the call raised this error."""
    raised = expect_raised(seen, "Exception", promise, look_at)
    expect(raised, RemoteException(type(error).__name__, str(error), [], []), promise, look_at)


def expect_nothing_left(plan, seen):
    """Fails the check if a task was left when the call ended, or a coroutine that nobody awaited."""
    left = reported(seen, "left_behind", [str])
    names = ", ".join(sorted({f"{name}()" for name in left}))
    assert not left, feedback(
        f"every task to have ended when the call ends (this time {plan.occasion})",
        f"{len(left)} still there, running {names}",
        look_at="who waits until the tasks have ended",
        show=timeline(seen),
        verdict=Verdict.LEAK,
    )
    never_awaited = reported(seen, "never_awaited", [int])
    assert not never_awaited, feedback(
        f"no coroutine made that nobody awaits (this time {plan.occasion})",
        f"{len(never_awaited)} made and never awaited",
        look_at="when a factory is called",
        verdict=Verdict.LEAK,
    )


def reported(seen, name, shape):
    """What the scenario reports once under this name. Fails the check if it was kept from reporting it."""
    reports = [call.args for call in seen.calls(name)]
    assert len(reports) == 1, feedback(
        "what is left at the end of the call to be found out once",
        f"{len(reports)} reports of it",
        look_at="code that changes anything outside the file",
        verdict=Verdict.LEAK,
    )
    [report] = answer(reports[0], (shape,))
    return report


def expect_cancelled(plan, seen, look_at):
    """Fails the check unless all that was running was cancelled at the plan's moment, and nothing was called later."""
    for index in plan.running:
        job = call_for(seen, "job", index)
        assert job is not None and job.abandoned and job.ended == plan.moment, feedback(
            f"what factories[{index}] returned to be cancelled at {plan.moment} virtual seconds, when {plan.occasion}",
            f"it was cancelled at {job.ended:g}" if job is not None and job.abandoned else "it was not cancelled",
            look_at,
            show=timeline(seen),
        )
    # At that very moment the slot set free may have been handed on already; what is called then, is cancelled then.
    later = [call for call in seen.calls("called") if call.began > plan.moment]
    assert not later, feedback(
        f"no factory called after {plan.moment} virtual seconds, when {plan.occasion}",
        f"{len(later)} called later",
        look_at,
        show=timeline(seen),
    )


def expect_cleaned_up(plan, seen, index):
    """Fails the check unless this job was cancelled and its cleaning up came to its end."""
    clean_up = call_for(seen, "clean_up", index)
    assert clean_up is not None, feedback(
        f"what factories[{index}] returned to be cancelled when {plan.occasion}",
        "it was not",
        look_at="who cancels the others",
        show=timeline(seen),
    )
    assert not clean_up.abandoned, feedback(
        f"what factories[{index}] returned to be cancelled once, and then left alone until it has cleaned up",
        f"its cleaning up was broken off by another cancellation at {clean_up.ended:g} virtual seconds",
        look_at=f"who cancels when {plan.occasion}, and how often",
        show=timeline(seen),
    )


def returned(seen):
    """What the call returned, which may be anything."""
    [value] = answer(seen.value, (object,))
    return value


def call_for(seen, name, index):
    """The call of this callback for the job with this index; None if there is none, or more than one."""
    found = [call for call in seen.calls(name) if call.args == [index]]
    return found[0] if len(found) == 1 else None


def in_progress(seen):
    """At each call of a factory: how many have been called, this one counted, whose job has not ended."""
    ended = [call.closed for call in seen.calls("job") if call.closed is not None]
    called = [call.opened for call in seen.calls("called")]
    return [count - sum(end < moment for end in ended) for count, moment in enumerate(called, 1)]


def list_schedule(lasts, limit):
    """When each job begins if, in input order, each takes the first of `limit` slots that is free."""
    free = [0] * limit
    begins = []
    for duration in lasts:
        begins.append(free[0])
        heapq.heapreplace(free, free[0] + duration)
    return begins


def timeline(seen):
    return seen.timeline("job", "clean_up", label=_label)


def _label(call):
    return f"factories{call.args}" + (" cleans up" if call.name == "clean_up" else "")
