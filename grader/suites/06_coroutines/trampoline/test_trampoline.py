"""What `trampoline` promises: the generators tell the judge what ordinary calls of functions would make them tell."""

from collections import Counter
from dataclasses import dataclass

from grader.evidence import (
    AtOnce,
    Dialogue,
    Verdict,
    answer,
    clean,
    concurrency,
    correctness,
    events_of,
    expect,
    expect_returned,
    feedback,
    same,
    shown,
)

DEEP, MANY = 100_000, 400_000
# A stack that grows at all grows by one for each level; helper functions may come and go.
LEVELS_TO_MEASURE, GROWTH_ALLOWED = 150, 20
CALLS_TO_COUNT = 200

OUTCOME = (str, object)  # how a run ended, and with what


class Interruption(BaseException):
    """An exception that is not an Exception."""


ERRORS = {"LookupError": LookupError, "ValueError": ValueError, "Interruption": Interruption}


@dataclass(frozen=True)
class Case:
    """A situation in words, and the plan that brings it about: a name and steps (see `Puppets` in scenarios.py)."""

    situation: str
    plan: list


def plan(name, *steps):
    return [name, [list(step) for step in steps]]


def each_by_name(plan):
    """The plans that this one holds, its own last, each with a name of its own: names and steps, callees by name."""
    found, times = {}, Counter()

    def add(plan):
        name, steps = plan
        times[name] += 1
        own = name if times[name] == 1 else f"{name} ({times[name]})"
        found[own] = [(action, add(about) if is_plan(action, about) else about) for action, about in steps]
        return own

    def is_plan(action, about):
        return action in ("call", "try", "run", "return generator") and type(about) is list

    return add(plan), found


def as_ordinary_calls(name, plans):
    """What must be told, and come out: what happens when the same calls are made by functions."""
    events = []
    return events, _outcome(name, plans, events)


def _outcome(name, plans, events):
    try:
        return ["returned", _call(name, plans, events)]
    except BaseException as error:
        return ["raised", _known(error)]


def _call(name, plans, events):
    if name not in plans:
        raise TypeError
    events.append((name, "begins"))
    try:
        for action, argument in plans[name]:
            match action:
                case "call":
                    events.append((name, "goes on with", _call(argument, plans, events)))
                case "try":
                    try:
                        events.append((name, "goes on with", _call(argument, plans, events)))
                    except BaseException as error:
                        events.append((name, "catches", _known(error)))
                case "run":
                    events.append((name, "ran another, which", _outcome(argument, plans, events)))
                case "yield":
                    raise TypeError
                case "return":
                    return argument
                case "return generator":
                    return "the very generator"
                case "return error":
                    return f"the very {argument}"
                case "raise":
                    raise ERRORS[argument]
    finally:
        events.append((name, "ends"))


def _known(error):
    return "TypeError" if isinstance(error, TypeError) else f"the very {type(error).__name__}"


def expect_as_planned(student, cases, look_at):
    """Fails the check at the first thing that is told and should not be, or the other way round."""
    for case in cases:
        first, plans = each_by_name(case.plan)
        seen = student.run("follow", name=first, calls=Dialogue(plans))
        outcome = answer(seen.value, OUTCOME)
        events = [event for event in events_of(seen) if event[1:] != ("asks",)]
        right_events, right_outcome = as_ordinary_calls(first, plans)
        right = [*map(_sentence, right_events), f"trampoline {_sentence(right_outcome)}"]
        told = [*map(_sentence, events), f"trampoline {_sentence(outcome)}"]
        _expect_same_story(case.situation, told, right, look_at)
        promise = f"the same values when {case.situation}"
        expect([events, outcome], [right_events, right_outcome], promise, look_at)


def _expect_same_story(situation, told, right, look_at):
    place = next((n for n, (a, b) in enumerate(zip(told, right, strict=False)) if a != b), None)
    if place is not None:
        before = f" after “{right[place - 1]}”" if place else ""
        promise = f"when {situation}: “{right[place]}”{before}"
        raise AssertionError(feedback(promise, f"“{told[place]}”{before}", look_at))
    assert len(told) == len(right), feedback(f"when {situation}: {len(right)} events", f"{len(told)}", look_at)


def _sentence(event):
    if type(event) not in (list, tuple):
        return shown(event)
    return " ".join(clean(part, 60) if type(part) is str else _sentence(part) for part in event[:4])


@correctness
def test_values(student, rng):
    """A caller goes on with what its callee returned, whatever that is."""
    number = rng.randrange(2, 1000)
    values = [number, None, 0, False, "", [number], (number, 0), {}]
    rng.shuffle(values)
    gives = [("call", plan(f"giver {n}", ("return", value))) for n, value in enumerate(values, 1)]
    adds = [
        ("call", plan("b", ("call", plan("c", ("return", number))), ("return", number + 1))),
        ("return", number + 2),
    ]
    never_run = plan("the returned generator", ("return", number))
    cases = [
        Case("a calls nobody", plan("a", ("return", number))),
        Case("a calls b and b calls c", plan("a", *adds)),
        Case("a calls generators that return all kinds of values", plan("a", *gives, ("return", None))),
        Case("b returns an exception", plan("a", ("try", plan("b", ("return error", "ValueError"))))),
        Case("a returns an exception", plan("a", ("return error", "ValueError"))),
        Case(
            "b returns a generator", plan("a", ("call", plan("b", ("return generator", never_run))), ("return", number))
        ),
        Case("a returns a generator", plan("a", ("return generator", never_run))),
    ]
    expect_as_planned(
        student, cases, look_at="what is sent to the generator that waits, and what is done with it before"
    )


@correctness
def test_exception_reaches_the_caller(student, rng):
    """An exception is raised where the caller waits, and the caller can go on in any way."""
    number = rng.randrange(1000)
    fails = plan("b", ("raise", rng.choice(("LookupError", "ValueError"))))
    fails_later = plan("b", ("call", plan("c", ("return", number))), ("raise", "LookupError"))
    again = ("call", plan("d", ("return", number + 1)))
    cases = [
        Case("b raises and a catches it", plan("a", ("try", fails))),
        Case("b raises after it has called c, and a catches it", plan("a", ("try", fails_later), ("return", number))),
        Case("b raises, a catches it and calls d", plan("a", ("try", fails), again, ("return", number))),
        Case("a calls two that raise", plan("a", ("try", fails), ("try", fails_later), again, ("return", number))),
        Case(
            "c raises, b catches it and returns, and then calls go on",
            plan("a", ("call", plan("b", ("try", plan("c", ("raise", "ValueError"))), ("return", number))), again),
        ),
        Case(
            "c raises, b catches it and raises another, which a catches",
            plan("a", ("try", plan("b", ("try", plan("c", ("raise", "ValueError"))), ("raise", "LookupError"))), again),
        ),
    ]
    expect_as_planned(student, cases, look_at="what a generator may do when an exception is thrown into it")


@correctness
def test_exception_passes_every_level(student, rng):
    """What nobody catches passes all who wait and comes out, whatever its kind."""
    number = rng.randrange(1000)
    kind = rng.choice(("LookupError", "ValueError"))
    cases = [Case("a calls nobody and raises", plan("a", ("raise", kind)))]
    for error in (kind, "Interruption"):
        words = "an exception that is not an Exception" if error == "Interruption" else "an exception"
        three_deep = plan("b", ("call", plan("c", ("call", plan("d", ("raise", error))))))
        cases += [
            Case(f"d raises {words} and nobody catches it", plan("a", ("call", three_deep), ("return", number))),
            Case(f"d raises {words} and a catches it", plan("a", ("try", three_deep), ("return", number))),
        ]
    expect_as_planned(student, cases, look_at="who gets to see an exception, and which exceptions are let through")


@correctness
def test_mistakes(student, rng):
    """Yielding something else is a TypeError at that yield; so is a wrong argument."""
    number = rng.randrange(1000)
    things = ["None", "a number", "a list", "an iterator", "a generator function"]
    cases = [
        Case(f"b yields {thing}", plan("a", ("try", plan("b", ("yield", thing))), ("return", number)))
        for thing in things
    ]
    cases += [
        Case(
            f"a yields {thing}, catches the exception and goes on",
            plan("a", ("try", thing), ("call", plan("b", ("return", number))), ("return", number + 1)),
        )
        for thing in things
    ]
    cases.append(Case("a yields a number and does not catch the exception", plan("a", ("yield", "a number"))))
    expect_as_planned(student, cases, look_at="what is done with a thing that was yielded before it is run")
    for thing in things:
        expect_refused(student, thing)


def expect_refused(student, thing):
    seen = student.run("wrong_argument", thing=thing)
    expect(
        seen.value,
        "TypeError",
        f"a TypeError from trampoline() when its argument is {thing}",
        look_at="what is done with the argument before it is run",
    )


@concurrency
def test_one_at_a_time(student, rng):
    """Callees run at once and to their end, each resumed as often as it yields."""
    first, second = rng.sample(range(1000), 2)

    def node(name, depth):
        """A full tree of calls."""
        calls = [("call", node(f"{name}.{n}", depth - 1)) for n in (1, 2, 3)] if depth else []
        return plan(name, *calls, ("return", f"the value of {name}"))

    uneven = [("call", node(f"a.{n}", depth)) for n, depth in enumerate(rng.sample(range(4), 4), 1)]
    cases = [
        Case("a calls b twice", plan("a", *[("call", plan("b", ("return", n))) for n in (first, second)])),
        Case("calls branch", node("a", 2)),
        Case("calls branch unevenly", plan("a", *uneven, ("return", first))),
    ]
    expect_as_planned(student, cases, look_at="who is resumed next when a generator yields, and when one returns")


@concurrency
def test_deep_calls(student, rng):
    """100 000 levels deep, for values and exceptions, on a stack that does not grow."""
    promise = f"calls {LEVELS_TO_MEASURE} deep on a stack that does not grow"
    look_at = "what calls what when a generator is run by your code, and whether it has returned before the next is run"
    seen = student.run("stack_growth", levels=LEVELS_TO_MEASURE)
    expect_returned(seen, promise, look_at)
    growth = seen.value
    moments = {"begins", "goes on", "catches"}
    well_formed = type(growth) is dict and growth.keys() == moments and all(type(n) is int for n in growth.values())
    assert well_formed, feedback("the generators of all levels to run to their ends", shown(growth), look_at)
    for moment, frames in growth.items():
        assert frames <= GROWTH_ALLOWED, feedback(
            f"{promise}: as high where a generator {moment} in the deepest call as in the first",
            f"{frames} frames higher",
            look_at,
        )
    promise = f"the right value from {DEEP:,} levels"
    start = rng.randrange(10**6)
    calls = AtOnce({"start": lambda: start})
    seen = student.run("deep_value", levels=DEEP, calls=calls)
    expect_returned(seen, promise, look_at)
    expect(seen.value, start + DEEP, promise, look_at)
    promise = f"an exception that passes {DEEP:,} levels and comes out as the same object"
    seen = student.run("deep_exception", levels=DEEP)
    expect_returned(seen, promise, look_at)
    expect(seen.value, [DEEP, True], promise, look_at)
    # Moving all who wait for each call, which no count of lines shows, takes many times the processor time there is.
    promise = f"{MANY:,} calls, one after another, {DEEP:,} levels deep"
    seen = student.run("many_deep_calls", levels=DEEP, count=MANY, calls=calls)
    expect_returned(seen, promise, look_at)
    expect(seen.value, start + MANY, promise, look_at)


@concurrency
def test_work_for_a_call(student):
    """A call costs the same however deep it is, and however many there were before."""
    few = lines_for_calls(student, levels=1, calls_before=0)
    look_at = "loops, slices, copies and searches that go over all who wait or all who have run"
    for situation, levels, calls_before in (
        ("20 levels deep", 20, 0),
        ("150 levels deep", 150, 0),
        ("after 2000 others", 1, 2000),
    ):
        many = lines_for_calls(student, levels, calls_before)
        assert many <= 2 * few, feedback(
            f"as many lines of code executed for {CALLS_TO_COUNT} calls {situation} as for the first",
            f"{many / few:.1f} times as many",
            look_at,
        )


def lines_for_calls(student, levels, calls_before):
    promise = f"{CALLS_TO_COUNT} calls, one after another"
    seen = student.run("lines_for_calls", levels=levels, before=calls_before, count=CALLS_TO_COUNT)
    expect_returned(seen, promise)
    lines = answer(seen.value, int)
    assert lines >= CALLS_TO_COUNT, feedback(
        f"{promise}, each of them run by your code", f"{shown(lines)} lines of code executed"
    )
    return lines


@concurrency
def test_nothing_is_kept(student, rng):
    """A generator that has returned is not kept."""
    calls = rng.randrange(1000, 1100)
    promise = "generators that have returned to be let go"
    seen = student.run("kept", count=calls)
    expect_returned(seen, promise)
    found = seen.value
    assert type(found) is list and len(found) == 2 and type(found[0]) is int and same(found[1], calls), feedback(
        f"{calls} generators run to their ends", shown(found)
    )
    assert found[0] <= 10, feedback(
        promise,
        f"{found[0]} of {calls} are still there after they have returned",
        look_at="where generators are put, and when they are taken out",
        verdict=Verdict.LEAK,
    )


@concurrency
def test_runs_are_independent(student, rng):
    """A run inside a run, and a run after one that has failed, know nothing of each other."""
    number = rng.randrange(1000)
    inner = plan("c", ("call", plan("d", ("return", number))), ("return", number + 1))
    fails = plan("c", ("call", plan("d", ("raise", "LookupError"))))
    goes_on = ("call", plan("e", ("return", number + 2)))
    cases = [
        Case(
            f"a calls b, and b runs another trampoline, in which c {how}",
            plan("a", ("call", plan("b", ("run", inside), goes_on, ("return", number + 3))), goes_on, ("return", 1)),
        )
        for how, inside in (("calls d", inner), ("calls d and that raises", fails))
    ]
    cases += [Case("a run fails", plan("a", ("call", fails))), Case("the next run is a new one", inner)]
    expect_as_planned(student, cases, look_at="where those who wait are kept, and who else can see that")
