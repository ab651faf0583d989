"""What the scheduler promises: its tasks tell the judge what they tell under the judge's own scheduler (model.py)."""

from dataclasses import dataclass
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest

from grader.evidence import (
    Dialogue,
    OneOf,
    answer,
    clean,
    concurrency,
    correctness,
    events_of,
    expect,
    expect_returned,
    feedback,
    shown,
    split_at,
)

HERE = Path(__file__).parent
MODEL = SimpleNamespace(**run_path(str(HERE / "model.py")))
SCENARIOS = run_path(str(HERE / "scenarios.py"))

MANY = 50_000
CROWD, ROUNDS = 20_000, 4
# A stack that grows at all grows by one for each turn; helper functions may come and go.
TURNS_TO_MEASURE, GROWTH_ALLOWED = 150, 20
# A logarithm makes it 1.5 times as much at the most, one look at everybody who waits many times.
FEW_WAIT, MANY_WAIT, TURNS_TO_COUNT, MORE_WORK_ALLOWED = 50, 500, 20, 2.5

# What `Puppets` tell at the end of a run, and while it lasts. The clock is the student's own.
STATES = [(str, object, object, object)]
RUN = (STATES, (object, str), STATES)
ENTRY = OneOf((str, str, object), (str, str, object, object))
BEGINS, ENDS = ("nobody", "runs"), ("nobody", "has run")
GROWTH = dict.fromkeys(("yield", "Sleep", "Send", "Recv", "Spawn", "Join"), (int, int))


@dataclass(frozen=True)
class Case:
    """A situation in words, and the plans of the tasks, for each run after another (see `Puppets` in scenarios.py)."""

    situation: str
    runs: list


def case(situation, *plans):
    return Case(situation, [list(plans)])


def plan(name, *steps):
    return [name, [list(step) for step in steps]]


def by_name(runs):
    """The names of the tasks to be spawned before each run, and by name the steps, which have names for tasks, too."""
    found = {}

    def add(plan):
        name, steps = plan
        assert name not in found, f"two tasks are called {name}"
        found[name] = [[*step[:-1], add(step[-1])] if spawns(step) else step for step in steps]
        return name

    def spawns(step):
        return not {"spawn", "call spawn"}.isdisjoint(step[:-1])

    return [[add(plan) for plan in plans] for plans in runs], found


def expect_as_planned(student, cases, look_at):
    """Fails the check at the first thing that comes out in another way than under the judge's own scheduler."""
    for case in cases:
        names, plans = by_name(case.runs)
        seen = student.run("follow", runs=names, calls=Dialogue(plans))
        found = story_of(answer(seen.value, (RUN,) * len(names)), events_of(seen))
        expect_same_story(case.situation, found, under_the_model("follow", plans, runs=names), look_at)


def under_the_model(scenario, plans, **inputs):
    """The story that the same scenario makes here, with the judge's own scheduler."""
    events, dialogue = [], Dialogue(plans)

    def heard(_, *event):
        events.append(event)
        return dialogue.answer_to(*event)

    make = SCENARIOS[scenario]
    make.__globals__["Callback"] = lambda name: lambda *event: heard(name, *event)
    return story_of(make(MODEL, **inputs), events)


def story_of(runs, events):
    """For each run: the tasks before it, what was heard while it lasted, how it ended, and the tasks afterwards."""
    heard = [split_at(part, ENDS)[0] for part in split_at(events, BEGINS)[1:]]
    whole = len(heard) == len(runs)
    assert whole, feedback(f"{len(runs)} runs, each told when it begins", f"{len(heard)} were told")
    told = [[*map(entry, filter(is_no_question, events))] for events in heard]
    return [[before, entries, end, after] for (before, end, after), entries in zip(runs, told, strict=True)]


def is_no_question(event):
    return event[1:] != ("asks",)


def entry(event):
    """The time, who, what, and perhaps which value."""
    name, what, now, *value = answer([*event], ENTRY)
    return [now, name, what, *value]


def expect_same_story(situation, found, right, look_at):
    told = [said for said, _ in told_of(found)]
    for said, (wanted, what) in zip([*told, "nothing more"], told_of(right), strict=False):
        assert said == wanted, feedback(f"when {situation}: {wanted}{what}", f"{said}{what}", look_at)
    expect(found, right, f"the same values when {situation}", look_at)


def told_of(runs):
    """Sentences, each with what was told before it."""
    for states_before, entries, end, states in runs:
        yield f"before run() is called, {_states(states_before)}", ""
        last = "run() is called"
        for entry in [*entries, end]:
            yield _sentence(entry), f" (after: {last})"
            last = _sentence(entry)
        yield f"afterwards {_states(states)}", ""


def _sentence(entry):
    now, *rest = entry
    words = " ".join(clean(part, 60) if type(part) is str else shown(part) for part in rest)
    return f"at {now:g} {words}" if type(now) is float else f"at now={shown(now)} {words}"


def _states(states):
    return ", ".join(
        f"{shown(name)[1:-1]}: done={shown(done)} result={shown(result)} error={shown(error)}"
        for name, done, result, error in states
    )


@pytest.fixture
def number(rng):
    return rng.randrange(2, 1000)


@pytest.fixture
def error(rng):
    return rng.choice(("LookupError", "ValueError"))


# ------------------------------------------------------------------ correctness


@correctness
def test_results_and_errors(student, number, error):
    """A task keeps its result or its error, and an error stops nobody else."""
    returns = plan("b", ("yield",), ("return", number))
    fails = plan("c", ("yield",), ("raise", error))
    cases = [
        case("there are no tasks"),
        case("a returns at its first turn", plan("a", ("return", number))),
        case(
            "tasks return all kinds of values",
            plan("a", ("return", None)),
            plan("b", ("return", 0)),
            plan("c", ("return", (number, [number]))),
            plan("d", ("yield",), ("return", False)),
            plan("e", ("return object", error)),
        ),
        case("c raises while others have not ended", plan("a", ("yield",), ("yield",)), fails, returns),
        case("a raises at its first turn, and b goes on", plan("a", ("raise", error)), returns),
        case("a spawns b and c", plan("a", ("spawn", returns), ("spawn", fails), ("return", number + 1))),
    ]
    expect_as_planned(student, cases, look_at="what is done when a generator returns or raises")


@correctness
def test_join(student, number, error):
    """Who joins gets the result or the error, at once or later."""
    slow = plan("b", ("yield",), ("yield",), ("yield",), ("return", number))
    quick = plan("b", ("return", number))
    slow_to_fail = plan("b", ("yield",), ("yield",), ("raise", error))
    quick_to_fail = plan("b", ("raise", error))
    joins = (("join", "b"), ("return", number + 1))
    tries = (("try", "join", "b"), ("yield",), ("return", number + 1))
    wait = [("yield",)] * 3
    cases = [
        case("a joins b, which ends later", plan("a", *joins), slow),
        case("a joins b, which has ended", plan("a", *wait, *joins), quick),
        case("a joins b, which returns None", plan("a", *joins), plan("b", ("yield",))),
        case("a joins b, which returns an exception", plan("a", *joins), plan("b", ("return object", error))),
        case("a joins b twice", plan("a", ("join", "b"), *joins), slow),
        case("c, a and d join b", plan("c", *joins), plan("a", *joins), plan("d", ("yield",), *joins), slow),
        case("a joins b, which raises later, and catches that", plan("a", *tries), slow_to_fail),
        case("a joins b, which has raised, and catches that", plan("a", *wait, *tries), quick_to_fail),
        case("a joins b, which raises, and does not catch that", plan("a", *joins), slow_to_fail),
        case("a and c join b, which raises", plan("a", *joins), plan("c", *tries), slow_to_fail),
        case("c joins a, a joins b, and b raises", plan("c", ("try", "join", "a")), plan("a", *joins), slow_to_fail),
        case("a spawns b and joins it", plan("a", ("spawn", slow), *joins)),
        case("b has called spawn for c, and a joins b", plan("a", *joins), plan("b", ("call spawn", plan("c")))),
    ]
    expect_as_planned(student, cases, look_at="who waits for the end of a task, and what they are told")


@correctness
def test_channels(student, rng):
    """Values are handed over between those who have waited longest, and nothing is stored."""
    values = rng.sample(range(2, 1000), 6)
    sends = [("send", "x", value) for value in values]
    recvs = [("recv", "x")] * 6
    cases = [
        case("a sends and b receives", plan("a", *sends[:3]), plan("b", *recvs[:3])),
        case("b receives and a sends", plan("b", *recvs[:3]), plan("a", *sends[:3])),
        case("a sends long before b receives", plan("a", sends[0]), plan("b", ("sleep", 300), recvs[0])),
        case("b receives long before a sends", plan("b", recvs[0]), plan("a", ("sleep", 300), sends[0])),
        case("None and 0 are sent", plan("a", ("send", "x", None), ("send", "x", 0)), plan("b", *recvs[:2])),
        case(
            "b receives and None and 0 are sent",
            plan("b", *recvs[:2]),
            plan("a", ("send", "x", None), ("send", "x", 0)),
        ),
        case(
            "a, b and c wait as senders, and then d receives",
            *(plan(name, send) for name, send in zip("abc", sends, strict=False)),
            plan("d", ("sleep", 100), *recvs[:3]),
        ),
        case(
            "a, b and c wait as receivers, and then d sends",
            *(plan(name, recvs[0]) for name in "abc"),
            plan("d", ("sleep", 100), *sends[:3]),
        ),
        case(
            "a and b send, and c and d receive",
            plan("a", *sends[:3]),
            plan("b", *sends[3:]),
            plan("c", *recvs[:2]),
            plan("d", *recvs[:4]),
        ),
        case(
            "there are two channels",
            plan("a", ("send", "x", values[0]), ("send", "y", values[1])),
            plan("b", ("recv", "y")),
            plan("c", ("recv", "x")),
        ),
    ]
    expect_as_planned(student, cases, look_at="who waits at a channel, which of them is taken, and what each is handed")


@correctness
def test_mistakes(student, rng, number):
    """A wrong request is an error at its yield, and no task is made of a wrong thing."""
    goes_on = (("yield",), ("return", number))
    things = ["a number", "None", "a list", "an iterator", "a generator function"]
    wrong = {
        **{f"yields {thing}": (f"ask for {thing}",) for thing in ("a number", "a generator", "a class", "a tuple")},
        **{f"wants to spawn {thing}": ("spawn thing", thing) for thing in things},
        "wants to sleep for 0 seconds": ("sleep", 0),
        "wants to sleep for less than 0 seconds": ("sleep", -rng.randrange(1, 100)),
    }
    other = plan("b", ("yield",), ("yield",), ("yield",))
    cases = [
        case(f"a {mistake} and catches the error", plan("a", ("yield",), ("try", *step), *goes_on), other)
        for mistake, step in wrong.items()
    ]
    cases += [
        case(f"a {mistake} and does not catch the error", plan("a", wrong[mistake], *goes_on), other)
        for mistake in ("yields a number", "wants to sleep for 0 seconds")
    ]
    expect_as_planned(student, cases, look_at="what is done with what a task yields before it is served")
    for thing in things:
        seen = student.run("spawn_thing", thing=thing)
        expect(
            seen.value,
            "TypeError",
            f"a TypeError from scheduler.spawn() when its argument is {thing}",
            look_at="what is done with the argument of spawn()",
        )


# ------------------------------------------------------------------ concurrency


@concurrency
def test_turns(student, rng):
    """Tasks take turns in the order of one queue, whatever they ask for."""
    idle = [("yield",)] * 4
    child = plan("child", *idle[:2])
    grandchild = plan("child", ("spawn", plan("grandchild", *idle[:2])), ("yield",))
    value = rng.randrange(2, 1000)
    cases = [
        case("three tasks only yield", *(plan(name, *idle[: rng.choice((2, 3))]) for name in "abc")),
        case("a spawns a task", plan("a", ("spawn", child), *idle), plan("b", *idle)),
        case("a spawns a task that spawns another", plan("a", ("spawn", grandchild), *idle), plan("b", *idle)),
        case("a calls spawn() itself", plan("a", ("yield",), ("call spawn", child), *idle), plan("b", *idle)),
        case(
            "a joins tasks that have ended",
            plan("b"),
            plan("c", *idle),
            plan("a", ("yield",), ("join", "b"), ("join", "b"), ("yield",)),
        ),
        case(
            "b, c and d join a, and there is another task",
            *(plan(name, ("join", "a"), *idle[:1]) for name in "bcd"),
            plan("e", *idle),
            plan("a", ("yield",)),
        ),
        case(
            "b receives what a sends, and there are other tasks",
            plan("a", ("send", "x", value), *idle[:2]),
            plan("c", *idle),
            plan("b", ("recv", "x"), *idle[:2]),
            plan("d", *idle),
        ),
        case(
            "a sends what b has been waiting for, and there are other tasks",
            plan("b", ("recv", "x"), *idle[:2]),
            plan("c", *idle),
            plan("a", ("send", "x", value), *idle[:2]),
            plan("d", *idle),
        ),
    ]
    expect_as_planned(student, cases, look_at="where in the queue a task is put, and when, and from where it is taken")


@concurrency
def test_sleep(student, rng):
    """Time moves only when nobody is ready, and wakes all who are due."""
    short, middle, long = sorted(rng.sample(range(100, 400), 3))
    half = rng.randrange(100, 200) + 0.5
    idle = [("yield",)] * 3
    cases = [
        case("a sleeps three times", plan("a", ("sleep", long), ("sleep", half), ("sleep", short))),
        case(
            "tasks sleep for different times",
            *(plan(name, ("sleep", seconds)) for name, seconds in zip("abc", (middle, long, short), strict=True)),
        ),
        case(
            "tasks that are due at the same moment go on yielding",
            *(plan(name, ("sleep", middle), *idle) for name in "abc"),
        ),
        case(
            "a, b and c are due at the same moment, and a does not yield any more",
            plan("b", ("sleep", short), ("sleep", middle), ("yield",)),
            plan("a", ("sleep", short + middle)),
            plan("c", ("yield",), ("sleep", short + middle), ("yield",)),
        ),
        case(
            "b asks to sleep later than a, and both are due at the same moment",
            plan("b", ("sleep", short), ("sleep", middle), ("yield",)),
            plan("a", ("sleep", short + middle), ("yield",)),
        ),
        case(
            "tasks ask, one by one, to sleep until the same moment",
            *(
                plan(name, *[("yield",)] * turns, ("sleep", middle))
                for name, turns in zip("abcdef", (3, 0, 5, 1, 4, 2), strict=True)
            ),
        ),
        case("a sleeps while b is ready", plan("a", ("sleep", half), ("yield",)), plan("b", *idle, *idle)),
        case(
            "a sleeps again and again, and b for long",
            plan("b", ("sleep", 10 * long), ("return", short)),
            plan("a", *[("sleep", long)] * 12),
        ),
        case(
            "a joins b and receives from c, and these sleep",
            plan("a", ("join", "b"), ("recv", "x")),
            plan("b", ("sleep", middle), ("return", middle)),
            plan("c", ("sleep", middle + half), ("send", "x", short), ("sleep", short)),
        ),
        case(
            "c is woken while b, which slept until the same moment, spawns a task",
            plan("b", ("sleep", long), ("spawn", plan("d", ("sleep", short))), ("yield",)),
            plan("c", ("sleep", long), ("yield",), ("sleep", short), ("yield",)),
        ),
    ]
    expect_as_planned(student, cases, look_at="when the clock moves, how far, and who is woken then, in which order")


@concurrency
def test_deadlock(student, number):
    """A deadlock is told from an end, and from a wait that will end."""
    sleeps = plan("s", ("sleep", 100 * number), ("return", number))
    cases = [
        case("a receives and nobody sends", plan("a", ("recv", "x"))),
        case("a sends and nobody receives", plan("a", ("send", "x", number)), plan("b", ("recv", "y"))),
        case("two tasks join each other", plan("a", ("join", "b")), plan("b", ("join", "a"))),
        case("a joins itself", plan("a", ("join", "a"))),
        case("all send and nobody receives", *(plan(name, ("send", "x", number)) for name in "ab")),
        case("two receive and c sends once", *(plan(n, ("recv", "x")) for n in "ab"), plan("c", ("send", "x", 1))),
        case("a joins b, and b waits at a channel", plan("a", ("join", "b")), plan("b", ("recv", "x"))),
        case("others end, one after a sleep, while a waits", plan("a", ("recv", "x")), sleeps, plan("b")),
        case(
            "everybody waits for one who sleeps",
            plan("a", ("recv", "x")),
            plan("b", ("join", "a")),
            plan("c", ("sleep", 100 * number), ("send", "x", number)),
        ),
        case("a raises and nobody waits", plan("a", ("yield",), ("raise", "ValueError")), sleeps),
    ]
    expect_as_planned(student, cases, look_at="how the end of run() is decided when nobody is ready and nobody sleeps")


@concurrency
def test_runs_are_independent(student, number):
    """Runs can follow each other, and two schedulers have nothing in common."""
    first = [plan("a", ("sleep", 100 * number), ("return", number)), plan("b", ("yield",))]
    second = [
        plan("c", ("join", "a"), ("sleep", 100 * number), ("return", number + 1)),
        plan("d", ("recv", "x")),
        plan("e", ("send", "x", number)),
    ]
    cases = [
        Case("run() is called again for new tasks", [first, second, [plan("f", ("sleep", 1))]]),
        Case("run() is called again without new tasks", [first, []]),
    ]
    expect_as_planned(student, cases, look_at="what a run leaves behind")
    left = [*first, plan("c", ("join", "a"))]
    (left, right), plans = by_name([left, [plan("z", ("sleep", 1), ("yield",)), plan("y")]])
    seen = student.run("side_by_side", left=left, right=right, calls=Dialogue(plans))
    found = story_of(answer(seen.value, (RUN, RUN)), events_of(seen))
    wanted = under_the_model("side_by_side", plans, left=left, right=right)
    for which, got, should in zip(("first", "second"), found, wanted, strict=True):
        situation = f"two schedulers have got tasks, and the {which} one runs"
        expect_same_story(situation, [got], [should], look_at="where the queue, the sleepers and the clock are kept")


@concurrency
def test_many_turns(student):
    """Hundreds of thousands of turns, on a stack that does not grow."""
    look_at = "what calls what when a task is resumed or ends, and what is done for each task that waits"
    promise = "a call stack that does not grow from turn to turn"
    seen = student.run("stack_growth", turns=TURNS_TO_MEASURE)
    expect_returned(seen, promise, look_at)
    for request, (turns, frames) in answer(seen.value, GROWTH).items():
        assert turns == TURNS_TO_MEASURE, feedback(
            f"{TURNS_TO_MEASURE} turns after {request}", shown([turns, frames]), look_at
        )
        assert frames <= GROWTH_ALLOWED, feedback(
            f"{promise}: as high in all of {TURNS_TO_MEASURE} turns after {request}",
            f"{frames} frames higher in one than in another",
            look_at,
        )
    for promise, scenario, inputs, result in (
        (f"{MANY:,} turns of each of two tasks that only yield", "yielding", {"turns": MANY}, 2 * MANY),
        (f"{MANY:,} values handed over", "handing_over", {"values": MANY}, MANY),
        (f"{MANY:,} tasks, each spawned and joined by another", "joining_in_a_chain", {"tasks": MANY}, MANY),
        (f"{CROWD:,} tasks that join the same one", "joining_one", {"tasks": CROWD}, CROWD),
        (
            f"{CROWD:,} sleepers that sleep {ROUNDS} times",
            "sleeping",
            {"sleepers": CROWD, "rounds": ROUNDS},
            CROWD * ROUNDS,
        ),
    ):
        seen = student.run(scenario, **inputs)
        expect_returned(seen, promise, look_at)
        expect(seen.value, result, promise, look_at)


@concurrency
def test_work_for_a_turn(student):
    """The work for a turn depends neither on who waits nor on how long one sleeps."""
    few = lines_for_turns(student, waiting=FEW_WAIT, seconds=1)
    more = lines_for_turns(student, waiting=MANY_WAIT, seconds=1)
    assert more <= MORE_WORK_ALLOWED * few, feedback(
        f"about as many lines of code executed for the turns of one task while {3 * MANY_WAIT} others wait as while "
        f"{3 * FEW_WAIT} wait",
        f"{more / few:.1f} times as many",
        look_at="loops that go over all tasks, all sleepers or all who wait; tasks that are resumed only to wait again",
    )
    longer = lines_for_turns(student, waiting=FEW_WAIT, seconds=1000)
    assert longer <= MORE_WORK_ALLOWED * few, feedback(
        "as many lines of code executed for a sleep of 1000 seconds as for one of 1 second",
        f"{longer / few:.1f} times as many",
        look_at="what is done while all sleep",
    )


def lines_for_turns(student, waiting, seconds):
    promise = "a task to take its turns while others wait"
    seen = student.run("lines_for_turns", waiting=waiting, turns=TURNS_TO_COUNT, seconds=seconds)
    expect_returned(seen, promise)
    found, received = answer(seen.value, ([int], object))
    expect(received, list(range(TURNS_TO_COUNT)), f"{promise}, and all values that it sends to be received")
    assert len(found) == 1 and found[0] >= TURNS_TO_COUNT, feedback(
        f"{promise}, each of them given by your code", f"{shown(found)} lines of code executed for all of them"
    )
    return found[0]
