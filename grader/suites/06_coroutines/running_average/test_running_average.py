"""What `running_average` promises. The scenario reports what came of each step; what should is known only here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain, groupby
from math import fsum

import pytest

from grader.evidence import (
    Dialogue,
    RemoteException,
    answers,
    concurrency,
    correctness,
    events_of,
    expect,
    expect_returned,
    feedback,
    same,
    shown,
)

MANY = 100_000
# What the kernel's count may be off by is well below; a list of so many floats takes 6.4 MiB.
MANY_TO_KEEP, GROWTH_ALLOWED_MB = 200_000, 3.0


@dataclass(frozen=True)
class Step:
    """Something done to an average, whether what came of it is right, and the promise in words."""

    average: str
    action: str
    argument: object
    is_right: Callable[[str, object], bool]
    promise: str

    def __str__(self):
        return f"throw({self.argument})" if self.action == "throw" else self.action


def is_mean(value, numbers):
    """The statement's promise of accuracy."""
    lowest, highest = min(numbers), max(numbers)
    return (
        type(value) is float
        and lowest - 1e-14 * abs(lowest) <= value <= highest + 1e-14 * abs(highest)
        and abs(value - fsum(numbers) / len(numbers)) <= 1e-9 * max(abs(lowest), abs(highest))
    )


def unjudged(steps):
    """The same steps where they only lead up to what a check is about, so that one mistake fails one check."""
    return [replace(step, is_right=lambda how, what: True) for step in steps]


def prime(average="it"):
    """What priming gives is judged by `test_priming` alone."""
    return Step(average, "next", None, lambda how, _: how == "gave", "next() to bring a new average to its first yield")


def send(numbers, average="it"):
    """A step for each number."""
    return [_send(numbers[:count], average) for count in range(1, len(numbers) + 1)]


def _send(so_far, average):
    promise = f"number {len(so_far)} to be answered with the mean so far, as a float"
    return Step(average, "send", so_far[-1], lambda how, value: how == "gave" and is_mean(value, so_far), promise)


def close(average):
    return Step(average, "close", None, lambda how, _: how == "gave", "close() to end it without an exception")


def throw_reset(thrown, average="it"):
    return gives_none(average, "throw", thrown, f"throw({thrown}) to give None")


def gives_none(average, action, argument, promise):
    return Step(average, action, argument, lambda how, value: how == "gave" and value is None, promise)


def end(numbers, average="it"):
    def is_right(how, value):
        if how != "stopped" or type(value) is not tuple or len(value) != 2 or not same(value[0], len(numbers)):
            return False
        return is_mean(value[1], numbers) if numbers else value[1] is None

    promise = (
        "send(None) to raise StopIteration with the count and the mean as its value"
        if numbers
        else "send(None), where there was no number, to raise StopIteration with the value (0, None)"
    )
    return Step(average, "send", None, is_right, promise)


def raises(average, action, argument, kind, promise):
    def is_right(how, value):
        return how == "raised" and isinstance(value, RemoteException) and value.type_name == kind

    return Step(average, action, argument, is_right, promise)


def has_ended(average):
    promise = "next() to raise StopIteration, without a value, once it has ended"
    return Step(average, "next", None, lambda how, value: how == "stopped" and value is None, promise)


def expect_conversation(student, steps, look_at):
    """Fails the check at the first step of which something else came than was promised."""
    told = Dialogue({"caller": [(step.average, step.action, step.argument) for step in steps]})
    said = student.run("converse", calls=told)
    expect(said.value, None, "a conversation that comes to its end", look_at)
    outcomes = [outcome for *_, outcome in events_of(said) if outcome != "asks"]
    for place, (step, (how, what)) in enumerate(answers(outcomes, (str, object), steps)):
        before = [str(earlier) for earlier in steps[:place] if earlier.average == step.average]
        assert step.is_right(how, what), feedback(step.promise, _seen(how, what, before), look_at)


def _seen(how, what, before):
    """The outcome, and what had been done to the same average before."""
    history = ", ".join(_times(action, len(list(group))) for action, group in groupby(before))
    words = {"stopped": "StopIteration with the value", "raised": "it raised"}
    return f"{words.get(how, 'it gave')} {shown(what)}, after {history or 'nothing else'}"


def _times(action, count):
    return action if count == 1 else f"{count} × {action}"


@pytest.fixture
def numbers(rng):
    """Whole and not, of both signs and sizes, with zeros of both types among them."""
    small = [rng.randrange(1, 9) + 0.5, rng.randrange(10, 99), 0, -rng.randrange(10, 99)]
    large = [rng.uniform(1e3, 1e6), 0.0, -rng.uniform(1e7, 1e9), rng.randrange(10**3, 10**6)]
    return small + large


@pytest.fixture
def others(rng):
    return [rng.uniform(1, 99) for _ in range(rng.choice((3, 4, 5)))]


@correctness
def test_mean_after_every_number(student, numbers):
    """Every number is answered with the mean so far."""
    expect_conversation(
        student, [prime(), *send(numbers)], look_at="what the yield hands out, and what is done with its value"
    )


@correctness
def test_final_count_and_mean(student, numbers, others):
    """The end returns the count and the mean."""
    steps = [prime("a"), end([], "a")]
    steps += [prime("b"), *unjudged(send(numbers, "b")), end(numbers, "b")]
    steps += [prime("c"), *unjudged([*send(others, "c"), throw_reset("Reset", "c")]), end([], "c")]
    expect_conversation(student, steps, look_at="how it leaves its loop when the value sent is None")


@correctness(depends_on="test_mean_after_every_number")
def test_accuracy_over_many_numbers(student, rng):
    """Many numbers do not make it drift."""
    # The drift of a total of floats does not depend on a power of two: of 0.1 it is 190 times what is allowed.
    alike = [0.1 * 2.0 ** rng.randrange(-30, 30)]
    around_a_billion = [1e9 + rng.random() for _ in range(1000)]
    huge = [rng.uniform(-1e300, 1e300) for _ in range(300)]
    for block, times in ((alike, MANY), (around_a_billion, MANY // 1000), (huge, 1)):
        seen = student.run("last_mean", numbers=block, times=times)
        promise = (
            f"after {len(block) * times:,} numbers a mean within their range (to one part in 10¹⁴) and as accurate "
            "as the statement promises"
        )
        expect_returned(seen, promise)
        assert is_mean(seen.value, block), feedback(
            promise, _off_by(seen.value, block), look_at="what is lost each time two floats are added"
        )


def _off_by(value, numbers):
    if type(value) is not float:
        return shown(value)
    error = abs(value - fsum(numbers) / len(numbers)) / max(map(abs, numbers))
    return f"it is off by {error:.1e} of the largest number"


@correctness(depends_on="test_accuracy_over_many_numbers")
def test_memory_stays_constant(student, rng):
    """What is kept does not grow with the count."""
    first = rng.uniform(1, 1000)
    seen = student.run("last_mean_of_different_numbers", first=first, count=MANY_TO_KEEP)
    promise = f"no more memory in use after {MANY_TO_KEEP:,} numbers than before the first of them"
    expect_returned(seen, promise)
    assert is_mean(seen.value, [first, first + MANY_TO_KEEP - 1]), feedback(
        f"the mean of {MANY_TO_KEEP:,} numbers", shown(seen.value), look_at="what is done with a number"
    )
    assert seen.memory_growth_mb < GROWTH_ALLOWED_MB, feedback(
        promise, f"{seen.memory_growth_mb:.0f} MiB more", look_at="what is kept of each number"
    )


@concurrency
def test_priming(student, rng):
    """It is primed like every generator."""
    too_early = "send(number) before priming to raise TypeError, as on every generator"
    steps = [
        gives_none("a", "next", None, "next() on a new average to give None"),
        gives_none("b", "send", None, "send(None) on a new average to give None"),
        raises("c", "send", rng.randrange(1, 99), "TypeError", too_early),
    ]
    expect_conversation(student, steps, look_at="what runs before the first yield, and what that yield hands out")


@concurrency(depends_on="test_mean_after_every_number")
def test_reset_starts_afresh(student, numbers, others):
    """A reset forgets everything, and nothing sent after it."""
    steps = [prime(), *send(numbers)]
    for thrown in ("Reset", "Reset()"):
        steps += [throw_reset(thrown), *send(others)]
    steps += [throw_reset("Reset"), throw_reset("Reset()"), *send(numbers)]
    expect_conversation(
        student, steps, look_at="where Reset is caught, and which yield receives the number sent after it"
    )


@concurrency
def test_close_is_quiet(student, others):
    """close() ends it quietly at any time."""
    moments = {
        "new": [],
        "primed": [prime("primed")],
        "used": [prime("used"), *send(others, "used")],
        "reset": [prime("reset"), *send(others, "reset"), throw_reset("Reset", "reset")],
        "ended": [prime("ended"), end([], "ended")],
    }
    steps = []
    for average, before in moments.items():
        steps += [*unjudged(before), close(average), has_ended(average), close(average)]
    expect_conversation(student, steps, look_at="which exceptions are caught: close() raises one where it waits")


@concurrency
def test_other_exceptions_come_out(student, others):
    """Any other exception comes out and ends it."""
    steps = []
    for thrown in ("KeyError()", "ValueError", "Interruption()"):
        kind = thrown.removesuffix("()")
        comes_out = raises(thrown, "throw", thrown, kind, f"throw({thrown}) to raise that {kind}")
        steps += [*unjudged([prime(thrown), *send(others, thrown)]), comes_out, has_ended(thrown)]
    expect_conversation(student, steps, look_at="which exceptions are caught where it waits")


@concurrency(depends_on="test_mean_after_every_number")
def test_two_averages_are_independent(student, numbers, others):
    """Two averages by turns do not mix."""
    first = send(numbers, "a")
    second = [prime("b"), *send(others, "b"), *unjudged([throw_reset("Reset", "b"), *send(others, "b")])]
    by_turns = chain.from_iterable(zip(first[2:], second, strict=False))
    steps = [prime("a"), *first[:2], *by_turns]
    expect_conversation(student, steps, look_at="where the count and the mean are kept, and who else sees them")
