"""What `Nursery` promises: exact moments where the judge holds every step, and what holds for any latency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from grader.evidence import (
    Verdict,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_returned,
    feedback,
)

ANNOUNCEMENTS = ("started", "ended", "raised", "cancelling", "before_cancelling", "going_on", "afterwards")
LONG = 1000
CLEAN_UP_LASTS = 40  # where a plan says nothing else
Tree = Mapping[str, list[str]]

# What is told of one block: in `group` whose errors the block raised, in `failed` who raised one.
BLOCK = {"ended": float, "raised": str, "group": [object], "failed": [object], "cancelled": int, "in_progress": int}
RAISED = (str, [str])  # what kind of exception, and whose errors were in it


@dataclass(frozen=True)
class Plan:
    """What the judge does. Everybody has a name; "body" is the body of the block. Times in virtual seconds."""

    occasion: str
    lasts: Mapping[str, int]
    starts: Tree  # whom somebody starts when it begins
    later: Tree = field(default_factory=dict)  # ... when its work is done
    after_clean_up: Tree = field(default_factory=dict)  # ... when it was cancelled and has cleaned up
    quits: tuple[str, ...] = ()  # who ends in CancelledError of its own accord
    fails: Mapping[str, Exception] = field(default_factory=dict)
    clean_up_fails: Mapping[str, Exception] = field(default_factory=dict)
    cancels: bool = False  # whether the block is cancelled from outside
    moment: int = 0  # of the first failure, or of this cancellation
    running: Mapping[str, int] = field(
        default_factory=dict
    )  # who is at work at that moment, and how long cleaning up lasts

    def run(self, student):
        calls = VirtualTime(
            {
                **dict.fromkeys(ANNOUNCEMENTS, lambda *args: None),
                "at_work": self.fails.get,
                "clean_up": self.clean_up_fails.get,
            },
            lasts={
                "at_work": self.lasts.__getitem__,
                "clean_up": lambda name: self.running.get(name, CLEAN_UP_LASTS),
                "before_cancelling": self.moment,
                "going_on": 5,
                "afterwards": 10 * LONG,
            },
        )
        tree = {"starts": self.starts, "later": self.later, "after_clean_up": self.after_clean_up}
        tree = {when: {name: list(others) for name, others in who.items()} for when, who in tree.items()}
        scenario = "nursery_and_cancel" if self.cancels else "nursery"
        seen = student.run(scenario, calls=calls, quits=list(self.quits), **tree)
        if seen.raised is None:  # then all that the scenario tells, it tells by its calls
            answer(seen.value, None)
        return seen

    def cancelled_at(self, name):
        """A cancellation from outside goes to the body first, and becomes known to the nursery when that has ended."""
        return self.moment + (self.running.get("body", 0) if self.cancels and name != "body" else 0)

    @property
    def end(self):
        return max(self.cancelled_at(name) + duration for name, duration in self.running.items())

    @property
    def failing(self):
        """Whose errors belong into the group."""
        return sorted({*self.fails, *self.clean_up_fails})


# ------------------------------------------------------------------ plans


@pytest.fixture
def success(rng):
    """The body ends first; then "a" starts "d", and that starts "e"."""
    a, b, c, d, e = rng.sample(range(10, 60), 5)
    return Plan(
        occasion="all went well",
        lasts={"body": rng.randrange(1, 9), "a": a, "b": b, "c": c, "d": d, "e": e},
        starts={"body": ["a", "b"], "b": ["c"]},
        later={"a": ["d"], "d": ["e"]},
    )


@pytest.fixture
def failures(rng):
    return [child_fails_during_the_body(rng), child_fails_at_the_end(rng), body_fails(rng)]


def child_fails_during_the_body(rng):
    """Others fail while they clean up. Before all that, one has ended, and one has ended in CancelledError."""
    moment = rng.randrange(20, 40)
    return Plan(
        occasion="a child failed",
        lasts={
            "body": LONG,
            "a": moment,
            "b": LONG,
            "c": LONG,
            "done": rng.randrange(2, 9),
            "quits": rng.randrange(10, 19),
        },
        starts={"body": ["done", "b", "a", "quits"], "b": ["c"]},
        quits=("quits",),
        fails={"a": LookupError(f"no record {rng.randrange(1000)}")},
        clean_up_fails={"b": OSError("still busy"), "body": OSError("not closed")},
        moment=moment,
        running=clean_ups(rng, "b", "body", "c"),
    )


def child_fails_at_the_end(rng):
    """The body has ended. The one that fails was started after that."""
    started, works = rng.randrange(10, 20), rng.randrange(5, 20)
    return Plan(
        occasion="a child failed after the end of the body",
        lasts={"body": rng.randrange(1, 9), "a": started, "late": works, "b": LONG, "c": LONG},
        starts={"body": ["a", "b", "c"]},
        later={"a": ["late"]},
        fails={"late": LookupError(f"no record {rng.randrange(1000)}")},
        moment=started + works,
        running=clean_ups(rng, "b", "c"),
    )


def body_fails(rng):
    moment = rng.randrange(10, 30)
    return Plan(
        occasion="the body failed",
        lasts={"body": moment, "a": LONG, "b": LONG},
        starts={"body": ["a", "b"]},
        fails={"body": LookupError(f"no record {rng.randrange(1000)}")},
        clean_up_fails={"a": OSError("still busy")},
        moment=moment,
        running=clean_ups(rng, "a", "b"),
    )


@pytest.fixture
def cancellations(rng):
    """In the body, and at the end."""
    return [
        Plan(
            occasion=f"the block was cancelled {where}",
            lasts={"body": body, "a": LONG, "b": LONG, "c": LONG},
            starts={"body": ["a", "b"], "a": ["c"]},
            cancels=True,
            moment=rng.randrange(10, 30),
            running=clean_ups(rng, *running),
        )
        for where, body, running in (
            ("in its body", LONG, ("body", "a", "b", "c")),
            ("while it waited for its children", rng.randrange(1, 9), ("a", "b", "c")),
        )
    ]


@pytest.fixture
def shutdowns(rng):
    """Two that are cancelled start another child in the end: one while the other cleans up, one as the last of all."""
    tree: dict[str, Any] = {
        "lasts": {"body": 5, "a": 20, "b": LONG, "c": LONG, "early": LONG, "late": LONG},
        "starts": {"body": ["a", "b", "c"]},
        "after_clean_up": {"b": ["late"], "c": ["early"]},
    }
    fails = {"a": LookupError(f"no record {rng.randrange(1000)}")}
    first, last = sorted(rng.sample(range(2, 30), 2))
    running = {"b": last, "c": first}
    return [
        Plan(occasion="a child failed", fails=fails, moment=20, running=running, **tree),
        Plan(occasion="the block was cancelled", cancels=True, moment=15, running={**running, "a": 1}, **tree),
    ]


def clean_ups(rng, first, *others):
    """How long cleaning up lasts: the first is through before the others."""
    shortest, *rest = sorted(rng.sample(range(2, 30), 1 + len(others)))
    rng.shuffle(rest)
    return {first: shortest, **dict(zip(others, rest, strict=True))}


@pytest.fixture
def any_latency():
    """A family for scenarios whose steps last up to ten times as long as they say."""
    return {
        "lasts": {"body": 4, "a": 5, "b": 6, "c": 7, "d": 3},
        "starts": {"body": ["a", "b"], "a": ["c"]},
        "later": {"b": ["d"]},
    }


# ------------------------------------------------------------------ checks


@correctness
def test_the_block_waits_for_all_children(student, success):
    """The block ends when body and all children have ended, those of children too."""
    expect_exact_end(student, success)
    seen = success.run(student)
    expect_reported(success, seen)
    ends = [only(seen, "at_work", name) for name in success.lasts]
    finished = sum(call is not None and not call.open and not call.abandoned for call in ends)
    assert finished == len(ends), feedback(
        "the body and each child to do its work once, to its end, when nothing fails",
        f"{finished} of {len(ends)} did, the body and its children's children counted",
        look_at="who is waited for at the end, also if it was started while the block waited",
        show=timeline(seen),
    )
    expect_end(success, seen, max(call.ended for call in ends))
    expect(raised(seen), ["nothing", []], "a block that raises nothing, when nothing fails")


@correctness
def test_all_errors_are_in_one_group(student, failures, cancellations, any_latency):
    """One ExceptionGroup has all errors of children and body, each once."""
    for plan in failures:
        expect_group(plan, plan.run(student))
    cancelled = cancellations[1]
    plan = Plan(**{**vars(cancelled), "clean_up_fails": {"b": OSError("still busy")}})
    expect_group(plan, plan.run(student))

    def judged(outcome):
        expect_returned(outcome, "the block to end")
        told = answer(outcome.value, BLOCK)
        promise = "an ExceptionGroup of all that children and body have raised, each once, whoever is first"
        look_at = "where an error is kept when others have failed before"
        expect(told["raised"], "ExceptionGroup", promise, look_at)
        assert told["failed"], feedback("a family in which some fail", "none did", "what becomes of children")
        expect(told["group"], told["failed"], promise, look_at)

    fails, clean_up_fails = ["body", "b", "c"], ["a", "b", "body"]
    student.explore("any_latency", judged, schedules=80, fails=fails, clean_up_fails=clean_up_fails, **any_latency)


@correctness
def test_start_soon_outside_the_block(student):
    """Before the block and after it, start_soon raises RuntimeError."""
    outcome = student.play("outside")
    expect_returned(outcome, "RuntimeError from start_soon, and nothing else")
    told = answer(outcome.value, {"raised": dict, "begun": object})
    wanted = {"before": "RuntimeError", "inside": "nothing", "after": "RuntimeError", "after a failure": "RuntimeError"}
    for when, kind in wanted.items():
        place = "within the block" if when == "inside" else f"{when.split()[0]} the block"
        promise = f"start_soon to raise {kind} when it is called {place}"
        expect(told["raised"].get(when), kind, promise, "how the nursery knows its state")
    expect(told["begun"], ["inside"], "no child to begin that was refused, and the one to begin that was not")
    expect_none_left(
        outcome.never_awaited,
        "no coroutine made that nobody awaits, where start_soon refuses a child",
        seen="made and never awaited",
        look_at="what comes first: the question whether the block is open, or the call of fn",
    )


@correctness
def test_nothing_is_left_behind(student, any_latency):
    """When the block ends, no child is left, and no coroutine that nobody awaited."""
    endless = {**any_latency, "lasts": dict.fromkeys(any_latency["lasts"], 10**6)}
    late = {"after_clean_up": {"a": ["d"], "c": ["e"]}}
    for occasion, kind, inputs in (
        ("all went well", "nothing", any_latency),
        ("a child failed", "ExceptionGroup", {**any_latency, "fails": ["a"], **late}),
        ("the body failed", "ExceptionGroup", {**any_latency, "fails": ["body"], **late}),
        ("it was cancelled at once", "CancelledError", {**endless, **late, "cancel_after": 0}),
        ("it was cancelled", "CancelledError", {**endless, **late, "cancel_after": 10}),
    ):
        lasts = {**inputs["lasts"], "e": 10**6}
        student.explore("any_latency", nothing_left(occasion, kind), schedules=40, **{**inputs, "lasts": lasts})


@concurrency
def test_all_run_at_the_same_time(student, success):
    """start_soon does not wait: body and children run at the same time."""
    seen = success.run(student)
    expect_reported(success, seen)
    moments = {"body": 0, "a": 0, "b": 0, "c": 0, "d": success.lasts["a"]}
    moments["e"] = moments["d"] + success.lasts["d"]
    for name, moment in moments.items():
        call = only(seen, "at_work", name)
        assert call is not None and call.began == moment, feedback(
            f"{in_words(name)} to begin at {moment} virtual seconds, when it was started",
            f"it began at {call.began:g}" if call is not None else "it did not, or more than once",
            look_at="when the task of a child is made",
            show=timeline(seen),
        )
    started = sorted((call.args for call in seen.calls("started")), key=str)
    expect(
        started,
        [[name, True] for name in ("a", "b", "c", "d", "e")],
        "start_soon to return None each time it is called",
        look_at="whether start_soon is an ordinary method",
    )


@concurrency(depends_on="test_all_run_at_the_same_time")
def test_a_failure_cancels_the_rest(student, failures):
    """The first failure cancels all others at once, the body too, and nothing else does."""
    for plan in failures:
        seen = plan.run(student)
        expect_cancelled(plan, seen, look_at="who notices a failure, when, and whom it stops")


@concurrency(depends_on="test_all_run_at_the_same_time")
def test_cancelling_from_outside(student, cancellations):
    """Cancelling the block cancels all children, and asyncio.timeout works around it."""
    for plan in cancellations:
        seen = plan.run(student)
        expect_cancelled(plan, seen, look_at="what a cancellation does in the body, and what while __aexit__ waits")
        expect(
            raised(seen),
            ["CancelledError", []],
            f"CancelledError from the block, when {plan.occasion}",
            look_at="what becomes of the CancelledError when all children have ended",
        )
    for body in (LONG, 1):
        outcome = student.play("within_a_timeout", seconds=10, lasts={"body": body, "child": LONG})
        expect_returned(outcome, "TimeoutError from a block with a time limit around it")
        expect(
            outcome.value,
            {"raised": "TimeoutError", "ended": 10.0, "cancelling": 0},
            "TimeoutError after 10 virtual seconds, with asyncio.timeout(10) around the block, and nothing after it",
            look_at="what becomes of a CancelledError that comes from outside",
        )


@concurrency(depends_on="test_all_run_at_the_same_time")
def test_cleaning_up_is_awaited(student, failures, cancellations):
    """Nobody is cancelled twice, and the block ends when the last has cleaned up."""
    for plan in (*failures, *cancellations):
        seen = plan.run(student)
        for name in plan.running:
            expect_cleaned_up(plan, seen, name)
        expect_end(plan, seen, plan.end)


@concurrency(depends_on="test_a_failure_cancels_the_rest")
def test_children_started_during_the_shutdown(student, shutdowns):
    """A child started during the shutdown is cancelled, too, and the block waits for it."""
    for plan in shutdowns:
        seen = plan.run(student)
        ends = [plan.end]
        for parent, (name,) in plan.after_clean_up.items():
            started = plan.moment + plan.running[parent]
            ends.append(started + expect_cancelled_from_the_start(plan, seen, name, started))
        expect_end(plan, seen, max(ends))
        expect_raised_by(plan, seen)


@concurrency(depends_on="test_a_failure_cancels_the_rest")
def test_the_task_is_as_it_was(student, failures, cancellations):
    """After the block its task is not being cancelled, and goes on."""
    for plan in failures:
        seen = plan.run(student)
        expect_reported(plan, seen)
        going_on = seen.calls("going_on")
        assert len(going_on) == 1 and not going_on[0].abandoned and not going_on[0].open, feedback(
            "the task to go on when it has caught what the block raised",
            "its next await was cancelled",
            look_at="when the body is cancelled, and when it must not be any more",
            show=timeline(seen),
        )
        expect(
            [call.args for call in seen.calls("cancelling")],
            [[0]],
            f"cancelling() to be 0 after the block, as it was before (this time {plan.occasion})",
            look_at="what takes back the cancellation of the body",
        )
    for plan in cancellations:
        seen = plan.run(student)
        expect_reported(plan, seen)
        expect(
            [call.args for call in seen.calls("cancelling")],
            [[1]],
            f"cancelling() to be 1 after the block, when {plan.occasion}: that was not the nursery's own doing",
            look_at="what takes back the cancellation of the body",
        )
    outcome = student.play("within_a_timeout", seconds=20, lasts={"body": LONG, "child": 5}, fails=["child"])
    expect_returned(outcome, "an ExceptionGroup from a block with a time limit around it")
    expect(
        outcome.value,
        {"raised": "ExceptionGroup", "ended": 5.0, "cancelling": 0},
        "an ExceptionGroup when a child fails after 5 virtual seconds, also with asyncio.timeout(20) around the block",
        look_at="what takes back the cancellation of the body",
    )


# ------------------------------------------------------------------ what must hold


def expect_reported(plan, seen):
    """Fails the check unless the scenario came to its end and reported it: then there is something to judge."""
    expect_returned(seen, f"the block to end (this time {plan.occasion})")
    assert len(seen.calls("ended")) == 1 and len(seen.calls("raised")) == 1, feedback(
        "the end of the block to be found out once", "no report of it, or several", "code that changes other modules"
    )


def expect_exact_end(student, plan):
    """In virtual time also who looks again and again is seen: it comes too late, or keeps time from going on."""
    outcome = student.play("any_latency", lasts=dict(plan.lasts), starts=plan.starts, later=plan.later)
    promise = "the block to end in the moment when the body and all children have ended, and to raise nothing"
    expect_returned(outcome, promise)
    told = answer(outcome.value, BLOCK)
    a, b, c, d, e = (plan.lasts[name] for name in ("a", "b", "c", "d", "e"))
    look_at = "what the block waits for at its end, also if it was started while the block waited"
    expect([told["raised"], told["in_progress"]], ["nothing", 0], promise, look_at)
    end = float(max(b, c, a + d + e))
    expect(told["ended"], end, f"the block to end at {end:g} virtual seconds, when all had ended", look_at)


def raised(seen):
    """What kind of exception the block raised, and whose errors were in it. None unless that was told once."""
    calls = seen.calls("raised")
    return answer(calls[0].args, RAISED) if len(calls) == 1 else None


def expect_group(plan, seen):
    expect_reported(plan, seen)
    expect_raised_by(plan, seen)


def expect_raised_by(plan, seen):
    """Fails the check unless the block raised what it should: a group with all errors, or CancelledError."""
    if not plan.failing:
        expect(raised(seen), ["CancelledError", []], f"CancelledError, as {plan.occasion} and no error was raised")
        return
    promise = f"an ExceptionGroup of exactly the {len(plan.failing)} objects raised by children and body"
    kind, members = raised(seen) or (None, [])
    look_at = "which exceptions are kept, when, and what the block raises in the end"
    expect(kind, "ExceptionGroup", promise + f" (this time {plan.occasion})", look_at)
    assert sorted(members) == plan.failing, feedback(
        promise + f": of {', '.join(map(in_words, plan.failing))}",
        f"a group of {', '.join(map(in_words, members))}" if members else "an empty group",
        look_at,
        show=timeline(seen),
    )


def nothing_left(occasion, kind):
    """What must hold of one run."""

    def judged(outcome):
        expect_returned(outcome, "the block to end")
        told = answer(outcome.value, BLOCK)
        expect(told["raised"], kind, f"the block to raise {kind} (this time {occasion})")
        assert not told["in_progress"] and not outcome.leftover_tasks, feedback(
            f"every child to have ended when the block ends (this time {occasion})",
            f"{outcome.leftover_tasks} still there",
            look_at="whom the block waits for, also if it was started late",
            verdict=Verdict.LEAK,
        )
        expect_none_left(
            outcome.never_awaited,
            f"no coroutine made that nobody awaits (this time {occasion})",
            seen="made and never awaited",
            look_at="when fn is called, and what becomes of its coroutine if its task never gets to its first line",
        )

    return judged


def expect_cancelled(plan, seen, look_at):
    """Fails the check unless all that were at work were cancelled at the right moment, and not before."""
    for name in plan.running:
        call, moment = only(seen, "at_work", name), plan.cancelled_at(name)
        assert call is not None and call.abandoned and call.ended == moment, feedback(
            f"{in_words(name)} to be cancelled at {moment} virtual seconds (this time {plan.occasion})",
            f"it was cancelled at {call.ended:g}" if call is not None and call.abandoned else "it was not cancelled",
            look_at,
            show=timeline(seen),
        )


def expect_cancelled_from_the_start(plan, seen, name, started):
    """Fails the check unless this child was taken and cancelled at once. Returns how long it cleaned up."""
    look_at = "what start_soon does when the nursery is shutting down"
    taken = only(seen, "started", [name, True])
    assert taken is not None and taken.began == started, feedback(
        f"start_soon to take a child during the shutdown and return None (this time {plan.occasion})",
        "it did not",
        look_at,
        show=timeline(seen),
    )
    call = only(seen, "at_work", name)
    if call is None:
        return 0
    assert call.abandoned and call.ended == started, feedback(
        f"a child that is started at {started:g} virtual seconds, during the shutdown, to be cancelled then",
        f"it was cancelled at {call.ended:g}" if call.abandoned else "it was at work and was not cancelled",
        look_at,
        show=timeline(seen),
    )
    expect_cleaned_up(plan, seen, name)
    return CLEAN_UP_LASTS


def expect_cleaned_up(plan, seen, name):
    """Fails the check unless this one was cancelled and its cleaning up came to its end."""
    clean_up = only(seen, "clean_up", name)
    assert clean_up is not None, feedback(
        f"{in_words(name)} to be cancelled once when {plan.occasion}",
        "it was not",
        look_at="who cancels the others",
        show=timeline(seen),
    )
    assert not clean_up.abandoned, feedback(
        f"{in_words(name)} to be cancelled once, and then left alone until it has cleaned up",
        f"its cleaning up was broken off by another cancellation at {clean_up.ended:g} virtual seconds",
        look_at=f"who cancels when {plan.occasion}, and how often",
        show=timeline(seen),
    )


def expect_end(plan, seen, moment):
    """Fails the check unless the block ended at this moment."""
    ends = [call.began for call in seen.calls("ended")]
    assert ends == [moment], feedback(
        f"the block to end at {moment:g} virtual seconds, when the last one was through (this time {plan.occasion})",
        " and ".join(f"it ended at {end:g}" for end in ends[:2]) or "its end was not reported",
        look_at="what the block waits for at its end",
        show=timeline(seen),
    )


# ------------------------------------------------------------------ what was seen


def only(seen, name, argument):
    """The call of this callback with this argument, or these; None if there is none, or more than one."""
    args = argument if isinstance(argument, list) else [argument]
    found = [call for call in seen.calls(name) if call.args == args]
    return found[0] if len(found) == 1 else None


def in_words(name):
    return "the body" if name == "body" else name if " " in name else f"the child {name!r}"


def timeline(seen):
    return seen.timeline("at_work", "clean_up", label=_label)


def _label(call):
    return f"{in_words(call.args[0])}{' cleans up' if call.name == 'clean_up' else ''}"
