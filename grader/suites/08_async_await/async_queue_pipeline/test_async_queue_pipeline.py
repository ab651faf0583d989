"""What `run_pipeline` promises: exact moments where the judge holds every step, and what holds for any latency."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter

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

NOT_ANSWERED = ("ended", "raised_the_error_of", "before_cancelling", "clean_up", "afterwards")
LONG = 1000
IN_ORDER = "worker called once with each item, in the order of the source"

# What scenarios tell.
TIMED = {"results": object, "begun": [(float, object)], "returned": float}  # begun: when, and which item
SUMMED_UP = {"results": object, "begun": object, "at_rest": [(int, int, int, bool)]}  # at_rest: see Rest
BROKEN_OFF = {"ended": str, "in_progress": int, "cancelled": int}


@dataclass(frozen=True)
class Plan:
    """What the judge does. Times in virtual seconds."""

    workers: int
    buffer: int
    items: list[int]  # different ones
    next_lasts: list[int]  # for each of them, and for what follows the last
    work_lasts: list[int]  # for each of them
    source_fails: Exception | None = None  # after the last item, instead of ending
    work_fails: Mapping[int, Exception] = field(default_factory=dict)  # by item
    occasion: str = "all went well"
    scenario: str = "pipeline"
    moment: int = 0  # of the error, or of the cancellation of the call
    running: tuple[object, ...] = ()  # the items in progress at that moment, and "source" if it is being asked
    clean_up_lasts: Mapping[object, int] = field(default_factory=dict)  # for each of these

    def run(self, student, **replies):
        """Plays the plan; `replies` are the answers that a check wants to differ."""
        nothing = dict.fromkeys(NOT_ANSWERED, lambda *args: None)
        gives = dict(enumerate([*([item] for item in self.items), self.source_fails or []]))
        calls = VirtualTime(
            {**nothing, "next": gives.__getitem__, "work": self.work_fails.get, **replies},
            lasts={
                "next": dict(enumerate(self.next_lasts)).__getitem__,
                "work": dict(zip(self.items, self.work_lasts, strict=True)).__getitem__,
                "clean_up": lambda who: self.clean_up_lasts.get(who, 1),
                "before_cancelling": self.moment,
                "afterwards": 10 * LONG,
            },
        )
        return student.run(self.scenario, workers=self.workers, buffer=self.buffer, calls=calls)


@dataclass(frozen=True)
class Rest:
    """A moment when nothing could move until the next step of the source or of a worker came to its end."""

    waiting: int  # items given whose call has not begun
    working: int  # calls in progress
    asking: int  # items that the source is being asked for
    over: bool  # whether the source has ended


# ------------------------------------------------------------------ plans


@pytest.fixture
def fast_source(rng):
    """Items wait, and the source is held back."""
    next_lasts = rng.choices(range(1, 4), k=10)
    return Plan(3, 2, rng.sample(range(1000), 9), next_lasts, rng.sample(range(20, 90), 9))


@pytest.fixture
def slow_source(rng):
    """Workers wait; sometimes two are in progress."""
    return Plan(3, 1, rng.sample(range(1000), 5), rng.sample(range(20, 40), 6), rng.sample(range(21, 60), 5))


@pytest.fixture
def failures(rng):
    return [
        worker_fails_while_the_source_is_held_back(rng),
        worker_fails_while_the_source_is_asked(rng),
        source_fails(rng),
    ]


def worker_fails_while_the_source_is_held_back(rng):
    """Item 1 is done, item 3 is taken up in its place, and then item 2 fails. The buffer is full all the time."""
    items = rng.sample(range(1000), 9)
    done = rng.randrange(10, 20)
    moment = done + rng.randrange(3, 20)
    return Plan(
        workers=3,
        buffer=2,
        items=items,
        next_lasts=[1] * 10,
        work_lasts=[LONG, done - 2, moment - 3, *rng.sample(range(100, 200), 6)],
        work_fails={items[2]: LookupError(f"no record {rng.randrange(1000)}")},
        occasion="a worker failed",
        moment=moment,
        running=(items[0], items[3]),
        clean_up_lasts=clean_ups(rng, items[0], items[3]),
    )


def worker_fails_while_the_source_is_asked(rng):
    items = rng.sample(range(1000), 3)
    moment = rng.randrange(10, 30)
    return Plan(
        workers=4,
        buffer=2,
        items=items,
        next_lasts=[1, 1, 1, LONG],
        work_lasts=[rng.randrange(100, 200), moment - 2, LONG],
        work_fails={items[1]: LookupError(f"no record {rng.randrange(1000)}")},
        occasion="a worker failed",
        moment=moment,
        running=(items[0], items[2], "source"),
        clean_up_lasts=clean_ups(rng, items[0], items[2], "source"),
    )


def source_fails(rng):
    """Two items are in progress then, and one waits."""
    items = rng.sample(range(1000), 3)
    moment = rng.randrange(10, 30)
    return Plan(
        workers=2,
        buffer=2,
        items=items,
        next_lasts=[1, 1, 1, moment - 3],
        work_lasts=rng.sample(range(100, 200), 3),
        source_fails=LookupError(f"no page {rng.randrange(1000)}"),
        occasion="the source failed",
        moment=moment,
        running=(items[0], items[1]),
        clean_up_lasts=clean_ups(rng, items[0], items[1]),
    )


@pytest.fixture
def cancellations(rng):
    return [cancelled_while_the_source_is_asked(rng), cancelled_while_the_source_is_held_back(rng)]


def cancelled_while_the_source_is_asked(rng):
    """One worker waits for an item then."""
    items = rng.sample(range(1000), 3)
    return Plan(
        workers=4,
        buffer=1,
        items=items,
        next_lasts=[1, 1, 1, LONG],
        work_lasts=rng.sample(range(100, 200), 3),
        occasion="the call was cancelled",
        scenario="pipeline_and_cancel",
        moment=rng.randrange(10, 30),
        running=(*items, "source"),
        clean_up_lasts=clean_ups(rng, *items, "source"),
    )


def cancelled_while_the_source_is_held_back(rng):
    items = rng.sample(range(1000), 7)
    return Plan(
        workers=2,
        buffer=1,
        items=items,
        next_lasts=[1] * 8,
        work_lasts=rng.sample(range(100, 200), 7),
        occasion="the call was cancelled",
        scenario="pipeline_and_cancel",
        moment=rng.randrange(10, 30),
        running=(items[0], items[1]),
        clean_up_lasts=clean_ups(rng, items[0], items[1]),
    )


def clean_ups(rng, *running):
    return dict(zip(running, rng.sample(range(2, 30), len(running)), strict=True))


@pytest.fixture
def any_latency(rng):
    """For steps that last up to ten times as long as they say: sometimes items wait, sometimes workers."""
    items = [None, 0, None, "", rng.randrange(1000), 0]
    rng.shuffle(items)
    return {
        "items": items,
        "next_lasts": [1, 2, 3, 4, 5, 6, 7],
        "work_lasts": sorted(rng.sample(range(10, 45), 6), reverse=True),
    }


# ------------------------------------------------------------------ checks


@correctness
def test_results_in_the_order_of_the_source(student, any_latency):
    """One result for each item, in the order of the source."""
    items = any_latency["items"]
    results = [[number, item] for number, item in enumerate(items)]

    def judged(outcome):
        expect_returned(outcome, "a list of results, when nothing fails")
        told = answer(outcome.value, SUMMED_UP)
        expect(told["begun"], items, IN_ORDER, "what becomes of an item from the source to the worker")
        expect(
            told["results"],
            results,
            "one result for each item, in the order of the source, whichever is done first",
            look_at="how a result finds its place, also if the same item comes twice",
        )

    for workers, buffer in ((3, 1), (2, 3)):
        student.explore("summed_up", judged, schedules=60, workers=workers, buffer=buffer, **any_latency)
    student.explore("summed_up", judged, schedules=10, workers=8, buffer=8, **any_latency)


@correctness
def test_arguments(student, fast_source):
    """A source without items; workers or buffer below 1."""
    empty = Plan(workers=3, buffer=1, items=[], next_lasts=[5], work_lasts=[]).run(student)
    expect_returned(empty, "an empty list for a source without items")
    look_at = "what is returned when there is nothing to do"
    expect(returned(empty), [], "an empty list for a source without items", look_at)
    for workers, buffer in ((0, 1), (-1, 2), (1, 0), (2, -1)):
        refused = Plan(workers, buffer, items=[1], next_lasts=[0, 0], work_lasts=[0]).run(student)
        expect_raised(refused, "ValueError", f"a ValueError for workers={workers}, buffer={buffer}")
        assert not refused.calls("next"), feedback(
            "a ValueError before the source is asked for anything", "the source had been asked"
        )


@correctness
def test_first_error_is_raised(student, any_latency, failures):
    """The first error is raised, as it is."""
    promise = "the first exception of the source or of a worker, also when others fail while they clean up"
    look_at = "what is raised when several have failed"
    for plan in failures:
        seen = plan.run(student, clean_up=lambda who: OSError(f"disconnected {who}"))
        (error, who), *_ = [(error, item) for item, error in plan.work_fails.items()] or [(plan.source_fails, "source")]
        raised = expect_raised(seen, "Exception", promise, look_at)
        expect(raised, RemoteException(type(error).__name__, str(error), [], []), promise, look_at)
        assert [call.args for call in seen.calls("raised_the_error_of")] == [[who]], feedback(
            "the very object that was raised",
            "an exception that looks like it, but is another object",
            look_at="where the exception is raised again",
        )

    def judged(outcome):
        expect_returned(outcome, "the call to end")
        ended = answer(outcome.value, BROKEN_OFF)["ended"]
        expect(ended, "raised the first error", promise, look_at)

    fails = [["work", 1], ["work", 2], ["source", 4]]
    student.explore("broken_off", judged, schedules=80, workers=3, buffer=1, fails=fails, **any_latency)


@correctness
def test_nothing_is_left_behind(student, any_latency):
    """No task runs on, and no coroutine was made that nobody awaited."""
    plan = {"workers": 3, "buffer": 1, **any_latency}
    silent = {**plan, "next_lasts": [1, 2, 3, 10**6]}
    for occasion, inputs in (
        ("all went well", plan),
        ("a worker failed", {**plan, "fails": [["work", 2]]}),
        ("the source failed", {**plan, "fails": [["source", 5]]}),
        ("the call was cancelled", {**silent, "cancel_after": 10}),
    ):
        student.explore("broken_off", nothing_left(occasion), schedules=40, **inputs)


def nothing_left(occasion):
    """What must hold of one run."""

    def judged(outcome):
        expect_returned(outcome, "the call to end")
        told = answer(outcome.value, BROKEN_OFF)
        assert told["ended"] == ENDS[occasion], feedback(
            f"a call that {ENDS[occasion]}, as {occasion}", f"it {told['ended']}"
        )
        assert told["cancelled"] or ENDS[occasion] != "was cancelled", feedback(
            "steps in progress when the call is cancelled", "none", "what is awaited"
        )
        assert not told["in_progress"] and not outcome.leftover_tasks, feedback(
            f"every task to have ended when the call ends (this time {occasion})",
            f"{outcome.leftover_tasks} still there",
            look_at="who ends the tasks that wait, and who waits until they have ended",
            verdict=Verdict.LEAK,
        )
        expect_none_left(
            outcome.never_awaited,
            f"no coroutine made that nobody awaits (this time {occasion})",
            seen="made and never awaited",
            look_at="where worker(item) is written, and what becomes of it when something fails",
        )

    return judged


ENDS = {
    "all went well": "returned",
    "a worker failed": "raised the first error",
    "the source failed": "raised the first error",
    "the call was cancelled": "was cancelled",
}


@concurrency
def test_as_many_at_work_as_allowed(student, fast_source, slow_source, any_latency):
    """Each item is taken up as soon as a worker is free, and no sooner."""
    expect_exact_moments(student, any_latency)
    for plan in (fast_source, slow_source):
        seen = plan.run(student)
        expect_complete(plan, seen)
        for rest in moments_at_rest(plan, seen):
            expect_at_work(plan.workers, rest, timeline(plan, seen))

    def judged(outcome):
        for rest in reported_rests(outcome):
            expect_at_work(2, rest)

    student.explore("summed_up", judged, schedules=80, workers=2, buffer=1, **any_latency)


@concurrency
def test_back_pressure(student, fast_source, slow_source, any_latency):
    """The source is asked for one item at a time, and is held back when the buffer is full, and only then."""
    for plan in (fast_source, slow_source):
        seen = plan.run(student)
        expect_complete(plan, seen)
        for rest in moments_at_rest(plan, seen):
            expect_back_pressure(plan.buffer, rest, timeline(plan, seen))

    def judged(outcome):
        for rest in reported_rests(outcome):
            expect_back_pressure(2, rest)

    student.explore("summed_up", judged, schedules=80, workers=2, buffer=2, **any_latency)


@concurrency(depends_on="test_as_many_at_work_as_allowed")
def test_first_error_cancels_the_rest(student, failures):
    """The first error cancels everything else at once."""
    for plan in failures:
        expect_cancelled(plan, plan.run(student), look_at="who notices an error, when, and whom it stops")


@concurrency(depends_on="test_as_many_at_work_as_allowed")
def test_cancelling_the_call_cancels_all(student, cancellations):
    """Cancelling the call cancels the source and everything in progress."""
    for plan in cancellations:
        seen = plan.run(student)
        expect_cancelled(plan, seen, look_at="what becomes of the tasks when the call itself is cancelled")
        expect_raised(
            seen,
            "CancelledError",
            "CancelledError from a call that was cancelled",
            look_at="what happens to a CancelledError after it was caught",
        )


@concurrency(depends_on="test_as_many_at_work_as_allowed")
def test_cleaning_up_is_awaited(student, failures, cancellations):
    """The call ends when the last has cleaned up, and not before."""
    for plan in (*failures, *cancellations):
        seen = plan.run(student)
        for who in plan.running:
            expect_cleaned_up(plan, seen, who)
        through = max((call.ended for call in seen.calls("clean_up") if not call.open), default=0.0)
        ends = [call.began for call in seen.calls("ended")]
        assert ends == [through], feedback(
            f"the call to end at {through:g} virtual seconds, when the last has cleaned up (this time {plan.occasion})",
            " and ".join(f"it ended at {end:g}" for end in ends[:2]) or "its end was not reported",
            look_at="what the call waits for after it has cancelled the others",
            show=timeline(plan, seen),
        )


# ------------------------------------------------------------------ what must hold


def expect_complete(plan, seen):
    """Fails the check unless every item was taken up once and in order: only then there is work to judge."""
    expect_returned(seen, "the call to return when all items are done")
    returned(seen)  # whatever it is
    calls = seen.calls("work")
    in_order = [call.args for call in calls] == [[item] for item in plan.items]
    finished = sum(not call.open and not call.abandoned for call in calls)
    assert in_order and finished == len(plan.items), feedback(
        IN_ORDER + ", and every call finished",
        f"{len(calls)} calls for {len(plan.items)} items, {finished} finished"
        + ("" if in_order else ", in another order"),
        look_at="how a worker knows that nothing will follow",
        show=timeline(plan, seen),
    )


def expect_exact_moments(student, inputs):
    """With room for all, an item is taken up when it is given or when a worker gets free, whichever is later."""
    workers, items = 2, inputs["items"]
    given = list(accumulate(inputs["next_lasts"]))
    moments, free = [], [0] * workers
    for moment, duration in zip(given, inputs["work_lasts"], strict=False):
        moments.append(max(moment, free[0]))
        heapq.heapreplace(free, moments[-1] + duration)
    outcome = student.play("timed", workers=workers, buffer=len(items), **inputs)
    expect_returned(outcome, "the call to return when all items are done")
    told = answer(outcome.value, TIMED)
    taken_up = [item for _, item in told["begun"]]
    expect(taken_up, items, IN_ORDER, "what becomes of an item from the source to the worker")
    for number, ((when, _), moment) in enumerate(zip(told["begun"], moments, strict=True)):
        assert when == moment, feedback(
            f"item {number} taken up at {moment} virtual seconds, when it was there and one of {workers} workers free",
            f"it was taken up at {when:g}",
            look_at="what a worker waits for before it takes up the next item",
        )
    end = max(*free, given[-1])
    assert told["returned"] == end, feedback(
        f"the call to return at {end} virtual seconds, when the last call had ended",
        f"it returned at {told['returned']:g}",
        look_at="how the call knows that all is done",
    )


def expect_at_work(workers, rest, show=None):
    assert rest.working <= workers, feedback(
        f"at most {workers} calls of worker in progress", f"{rest.working} at once", "who calls worker", show
    )
    assert not rest.waiting or rest.working == workers, feedback(
        f"{workers} calls in progress while an item waits (workers={workers})",
        f"{rest.working} calls in progress and {rest.waiting} items waiting, with everything at rest",
        look_at="what a worker waits for before it takes up the next item",
        show=show,
    )


def expect_back_pressure(buffer, rest, show=None):
    look_at = "what is waited for before the source is asked for its next item"
    assert rest.asking <= 1, feedback(
        "the source to be asked for one item at a time", f"asked for {rest.asking} at once", "who asks the source", show
    )
    assert rest.waiting <= buffer + 1, feedback(
        f"at most {buffer + 1} items given whose call has not begun ({buffer} in the queue and one that finds it full)",
        f"{rest.waiting} of them, with everything at rest",
        look_at,
        show,
    )
    assert rest.asking or rest.over or rest.waiting >= buffer, feedback(
        f"the source to be held back only while at least {buffer} items wait (buffer={buffer})",
        f"it was held back while {rest.waiting} waited",
        look_at,
        show,
    )


def expect_cancelled(plan, seen, look_at):
    """Fails the check unless all that was running was cancelled at the plan's moment, and nothing began later."""
    for who in plan.running:
        call = call_for(plan, seen, who)
        assert call is not None and call.abandoned and call.ended == plan.moment, feedback(
            f"{in_words(plan, who)} to be cancelled at {plan.moment} virtual seconds, when {plan.occasion}",
            f"that was cancelled at {call.ended:g}"
            if call is not None and call.abandoned
            else "that was not cancelled",
            look_at,
            show=timeline(plan, seen),
        )
    # At that very moment a place set free may have been handed on already; what begins then, is cancelled then.
    for name, what in (("work", "call of worker"), ("next", "question to the source")):
        later = [call for call in seen.calls(name) if call.began > plan.moment]
        assert not later, feedback(
            f"no {what} later than {plan.moment} virtual seconds, when {plan.occasion}",
            f"{len(later)} later",
            look_at,
            show=timeline(plan, seen),
        )


def expect_cleaned_up(plan, seen, who):
    """Fails the check unless this one was cancelled and its cleaning up came to its end."""
    clean_up = only(seen, "clean_up", who)
    assert clean_up is not None, feedback(
        f"{in_words(plan, who)} to be cancelled when {plan.occasion}",
        "that was not",
        look_at="who cancels the others",
        show=timeline(plan, seen),
    )
    assert not clean_up.abandoned, feedback(
        f"{in_words(plan, who)} to be cancelled once, and then left alone until it has cleaned up",
        f"its cleaning up was broken off by another cancellation at {clean_up.ended:g} virtual seconds",
        look_at=f"who cancels when {plan.occasion}, and how often",
        show=timeline(plan, seen),
    )


# ------------------------------------------------------------------ what was seen


def returned(seen):
    """What the call returned, which may be anything."""
    [value] = answer(seen.value, (object,))
    return value


def call_for(plan, seen, who):
    """The call of worker with this item; for "source", the question for what follows the last item."""
    return only(seen, "next", len(plan.items)) if who == "source" else only(seen, "work", who)


def only(seen, name, argument):
    """The call of this callback with this argument; None if there is none, or more than one."""
    found = [call for call in seen.calls(name) if call.args == [argument]]
    return found[0] if len(found) == 1 else None


def in_words(plan, who):
    return "the question to the source" if who == "source" else f"the call for item {plan.items.index(who)}"


def moments_at_rest(plan, seen):
    """One before the end of each step: steps end only when everything is at rest."""
    waiting = working = asking = 0
    over = False
    for name, ends, is_item in events(plan, seen):
        if ends:
            yield Rest(waiting, working, asking, over)
        if name == "next":
            asking += -1 if ends else 1
            waiting += ends and is_item
            over = over or (ends and not is_item)
        else:
            working += -1 if ends else 1
            waiting -= not ends


def events(plan, seen):
    """What began and ended, in that order: the callback, whether it is the end, and whether it is about an item."""
    moments = []
    for call in (*seen.calls("next"), *seen.calls("work")):
        is_item = call.name == "work" or any(call.args == [number] for number in range(len(plan.items)))
        moments.append((call.opened, call.name, False, is_item))
        if call.closed is not None:
            moments.append((call.closed, call.name, True, is_item))
    return [event for _, *event in sorted(moments, key=itemgetter(0))]


def reported_rests(outcome):
    """The moments of rest that the scenario saw, each kind once."""
    expect_returned(outcome, "the call to return when all items are done")
    rests = [Rest(*state) for state in answer(outcome.value, SUMMED_UP)["at_rest"]]
    assert rests, feedback("the source to be asked for items", "it was not", "what the call does with its source")
    return rests


def timeline(plan, seen):
    def label(call):
        if call.name == "next":
            return "source"
        who = "source" if call.args == ["source"] else f"item {plan.items.index(call.args[0])}"
        return f"{who} cleans up" if call.name == "clean_up" else who

    return seen.timeline("next", "work", "clean_up", label=label)
