"""What the loop promises: in programs that are drawn, the same happens as on asyncio (model.py)."""

from itertools import cycle, islice, product, takewhile
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

from hypothesis import strategies as st

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
    same,
    shown,
)
from grader.evidence.drawn import for_all

HERE = Path(__file__).parent
MODEL = SimpleNamespace(**run_path(str(HERE / "model.py")))
SCENARIOS = run_path(str(HERE / "scenarios.py"))
SITUATIONS = SimpleNamespace(**run_path(str(HERE / "situations.py")))

TASKS, FUTURES, LABELS = ["a", "b", "c", "d"], ["f", "g"], ["k", "l", "m"]
ERRORS = ["LookupError", "ValueError", "FalsyError"]
ANY_ERRORS = [*ERRORS, "OutsideError"]
LEFT = {"states": [(str, object, object, object, object)], "waits": [(float, float)]}
ENTRY = OneOf((str, str, object), (str, str, object, object))
ENDS = ("at once", "late", "late, if at all")
EXAMPLES, MOST_OF_A_PROGRAM = 15, 600
MANY, CHAIN = 50_000, 10_000
# A stack that grows at all grows by one for each; helper functions may come and go.
CHAIN_TO_MEASURE, GROWTH_ALLOWED = 150, 20
GROWTH = dict.fromkeys(("callbacks in a chain", "tasks in a chain", "awaits in a chain"), (int, int))


# ------------------------------------------------------------------ steps of tasks and callbacks


def steps(action, *of):
    """All there are with this action, each of `of` being what to choose from."""
    return [[action, *chosen] for chosen in product(*of)]


SECONDS, SHORT = range(4), [SITUATIONS.TINY, SITUATIONS.SHORT, 1 + SITUATIONS.SHORT]
FAR = list(SITUATIONS.FAR.values())
VALUES = [*range(0, 100, 7), None, False, ""]
SLEEP, WORK = steps("sleep", SECONDS), steps("work", [1, 2, 3])
SPAWN, RETURN, RAISE = steps("spawn", TASKS), steps("return", VALUES), steps("raise", ERRORS)
SOON, LATER, CALL_OFF = steps("soon", LABELS), steps("later", SECONDS, LABELS), steps("call off", LABELS)
SET, FAIL = steps("set", FUTURES, VALUES), steps("fail", FUTURES, ERRORS)
CANCEL, CANCEL_FUTURE = steps("cancel", TASKS), steps("cancel", FUTURES)
WATCH, LOOK = steps("watch", TASKS + FUTURES), steps("look at", TASKS + FUTURES)
AWAIT_FUTURE = steps("await", FUTURES)
RAISE_ANY, FAIL_ANY = steps("raise", ANY_ERRORS), steps("fail", FUTURES, ANY_ERRORS)
EACH = 36  # as many as there are of the most


def some(*kinds, least=0, most):
    """A list of steps, of all these kinds equally often. One choice for each takes the least time to draw."""
    equally = [step for kind in kinds for step in islice(cycle(kind), EACH)]
    return st.lists(st.sampled_from(equally), min_size=least, max_size=most)


IN_TROUBLE = some(steps("go on"), SLEEP, RAISE, most=2)
WHO_WATCHES = some(RAISE, SET, CANCEL, WATCH, most=2)


def awaits(name):
    """Waits for another task. Nobody waits for one who comes before: those who wait in a circle are another matter."""
    later = TASKS[TASKS.index(name) + 1 :] if name in TASKS else TASKS
    return steps("await", later) if later else SLEEP


def programs(*kinds, callbacks=(), tasks=3, runs=1, awaiting=True, trouble=True):
    """Steps of `main`, tasks and callbacks. `main` begins with a task, or more, and `kinds` are chosen from for all.

    `trouble`: whether something may be raised at an `await`.
    """
    names = ["main", *TASKS[:tasks]]
    gives = {name: some(*kinds, *[awaits(name)] * awaiting, least=2, most=7) for name in names}
    if trouble:
        gives |= {f"{name} in trouble": IN_TROUBLE for name in names}
    if WATCH in (*kinds, *callbacks):
        gives |= {f"who watches {name}": WHO_WATCHES for name in TASKS + FUTURES}
    if callbacks:
        gives |= {label: some(*callbacks, most=3) for label in LABELS}
    return st.builds(
        program,
        st.fixed_dictionaries(gives),
        spawned=st.integers(0, tasks),
        runs=st.lists(st.sampled_from(TASKS + FUTURES), max_size=runs - 1),
        early=st.booleans(),
        late=st.sampled_from([0, 0.25, 2]),
    )


def program(gives, spawned, runs, early, late):
    main = [*steps("spawn", TASKS[:spawned]), *gives["main"]]
    return {"gives": gives | {"main": main}, "runs": ["main", *runs], "futures": FUTURES, "early": early, "late": late}


# ------------------------------------------------------------------ what happens, and what should


def expect_as_on_asyncio(student, rng, rule, plans, look_at):
    """Fails the check unless in the programs of this rule, and in some of `plans`, the same happens as on asyncio."""
    for_all(student, rng, plans, follows(student, look_at), examples=EXAMPLES, first=SITUATIONS.programs(rule))


def follows(student, look_at):
    """Says of a program that the same happens in it on the student's loop as on asyncio's."""
    ways = [*ENDS]

    def judged(program):
        inputs = {name: program[name] for name in ("runs", "futures", "early", "late")}
        seen = student.run("follow", calls=Dialogue(program["gives"]), **inputs)
        expect_returned(seen, "a program of tasks to be run, and looked at afterwards", look_at)
        found = story_of(events_of(seen), answer(seen.value, LEFT))
        right = []
        for ends in ways:
            right.append(on_asyncio(program, inputs, ends))
            if same(found, right[-1]):
                ways.sort(key=ends.__ne__)  # most likely the next one goes the same way
                return
        closest = max(right, key=lambda story: agreement(found, story))
        raise AssertionError(difference(program, found, closest, look_at))

    return judged


def on_asyncio(program, inputs, ends):
    """What happens there, if runs end at this moment: see `EventLoop` in model.py. Which one is left open."""
    events, dialogue = [], Dialogue(program["gives"])

    def heard(*event):
        events.append(event)
        return dialogue.answer_to(*event)

    MODEL.EventLoop.ends = ends
    follow = SCENARIOS["follow"]
    follow.__globals__["Callback"] = lambda name: heard
    return story_of(events, follow(MODEL, **inputs))


def story_of(events, left):
    """What was told, but for the questions: each as [when, who, what, …]. Behind it, how everything was left, and when
    the loop had waited for how long.
    """
    told = [answer([*event], ENTRY) for event in events if event[1:] != ("asks",)]
    states = [["in the end", name, "is left", *state] for name, *state in left["states"]]
    waits = [[now, "the loop", "waits", seconds] for now, seconds in left["waits"]]
    return [[now, who, what, *value] for who, what, now, *value in told] + states + waits


def agreement(found, story):
    return len(list(takewhile(lambda pair: same(*pair), zip(found, story, strict=False))))


def difference(program, found, story, look_at):
    place = agreement(found, story)
    before = f" (after: {sentence(story[place - 1])})" if place else ""
    wanted, seen = (sentence(one[place]) if place < len(one) else "nothing more" for one in (story, found))
    names = {who for _, who, *_ in story}
    return feedback(f"{wanted}{before}{in_words(program, names)}", seen, look_at)


def sentence(entry):
    now, who, what, *values = entry
    when = f"at {now:g}" if type(now) in (int, float) else clean(str(now), 20)
    told = ", ".join(clean(value, 60) if type(value) is str and value else shown(value) for value in values)
    return f"{when} {clean(who, 20)} {clean(what, 60)} {told}".strip()


def in_words(program, names):
    """What those do whose names these are, where it is short enough to be read."""
    parts = [
        f"{name}: {'; '.join(' '.join(map(str, step)) for step in steps)}"
        for name, steps in program["gives"].items()
        if steps and name.removesuffix(" in trouble").removeprefix("who watches ") in names
    ]
    waits = " Waits come back early at first." if program["early"] else ""
    waits += f" Waits last {program['late']:g} longer than they should." if program["late"] else ""
    text = f", in this program: {'. '.join(parts)}. Run: {', '.join(program['runs'])}.{waits}"
    return text if len(text) <= MOST_OF_A_PROGRAM else ""


# ------------------------------------------------------------------ correctness


@correctness
def test_futures(student, rng):
    """A future is done once, and says so to those who ask, wait, or want to be called back."""
    look_at = "what a future knows of its state, and which methods ask for it first"
    kinds = (SET, FAIL, CANCEL_FUTURE, WATCH, LOOK, AWAIT_FUTURE, SLEEP)
    expect_as_on_asyncio(student, rng, "futures", programs(*kinds, tasks=2), look_at)


@correctness
def test_exceptions(student, rng):
    """An exception is raised where its task is awaited; one of a callback is reported, and stops nobody."""
    look_at = "who is told of an exception: of a coroutine, of a future, of a callback"
    kinds = (SPAWN, RAISE_ANY, SLEEP, FAIL_ANY, AWAIT_FUTURE, SOON, LATER, RETURN)
    plans = programs(*kinds, callbacks=(RAISE, FAIL_ANY, SET), runs=3)
    expect_as_on_asyncio(student, rng, "exceptions", plans, look_at)
    for kind in ("SystemExit", "KeyboardInterrupt"):
        for where in ("callback", "task", "timer", "callback of a future"):
            promise = f"{kind} of a {where} to leave run_until_complete, and what was ready to run in the next one"
            told = [kind, ["before"], None, ["before", "after"]]
            expect_told(student, told, promise, "which exceptions a loop keeps", "stopped", kind=kind, where=where)


@correctness
def test_mistakes(student):
    """What cannot be run, set or awaited is refused."""
    look_at = "what is checked, and before what"
    for what in ("None", "a number", "a coroutine function", "a generator", "a future"):
        for method in ("create_task", "run_until_complete") if what != "a future" else ("create_task",):
            promise = f"TypeError from {method} for {what}"
            expect_told(student, "TypeError", promise, look_at, "refused", method=method, what=what)
    promise = "TypeError from set_exception for a StopIteration, and the future not to be done"
    expect_told(student, ["TypeError", False], promise, look_at, "stop_iteration")
    for what in ("a coroutine", "a future"):
        promise = f"RuntimeError from run_until_complete for {what}, where the loop is running, which then goes on"
        expect_told(student, ["RuntimeError", "done"], promise, look_at, "run_inside", what=what)
    refusals = [f"{kind} from run_until_complete" for kind in ("ValueError", "TypeError")]
    for what, admitted in (("awaited", ["RuntimeError at the await"]), ("run", refusals)):
        seen = student.run("foreign", what=what)
        promise = f"{' or '.join(admitted)} for a future of another loop"
        expect_returned(seen, promise, look_at)
        assert seen.value in [[refusal] for refusal in admitted], feedback(
            promise, shown(seen.value), "whose a future is"
        )
    look_at = "what a coroutine has yielded"
    for what in ("a number", "zero", "a text", "an empty list", "an awaitable"):
        promise = f"RuntimeError at the await of something that yields {what}, in the next turn"
        expect_told(student, ["another one", "RuntimeError", "done"], promise, look_at, "await_strange", what=what)
    expect_told(student, ["a", "b"] * 3, "a bare yield to let one turn pass", look_at, "bare_yields")


@correctness
def test_the_end(student, rng):
    """A run ends with its future, or when nothing is left that could set it, and the next one goes on from there."""
    look_at = "when run_until_complete looks whether it is over, and what it leaves to the next one"
    kinds = (SPAWN, SLEEP, AWAIT_FUTURE, SET, LATER, CALL_OFF, RETURN)
    plans = programs(*kinds, callbacks=(SET, SOON), runs=4, trouble=False)
    expect_as_on_asyncio(student, rng, "the end", plans, look_at)


@correctness
def test_it_is_your_own(student):
    """Loop, futures and tasks are not asyncio's."""
    seen = student.run("origins")
    promise = "a loop of your own, with futures and tasks of your own"
    expect_returned(seen, promise)
    found = answer(seen.value, {"ran": str, "of asyncio": [str]})
    expect(found["ran"], "yes", "a task to run")
    assert not found["of asyncio"], feedback(
        promise, f"asyncio had a part in it: {', '.join(map(clean, found['of asyncio'][:4]))}", "what is imported"
    )


# ------------------------------------------------------------------ concurrency


@concurrency
def test_turns(student, rng):
    """Callbacks are called in order, and what is added in a turn belongs to the next one."""
    look_at = "what is called in a turn, and what of it is known when the turn begins"
    kinds = (SOON, CALL_OFF, steps("sleep", [0]))
    plans = programs(*kinds, callbacks=(SOON, CALL_OFF), tasks=2, awaiting=False, trouble=False)
    expect_as_on_asyncio(student, rng, "turns", plans, look_at)


@concurrency
def test_timers(student, rng):
    """Timers fire when they are due, in order; equal ones as they were asked for; none that was called off."""
    look_at = "what orders the timers, when they come into the queue, and how long the loop waits"
    odd = (steps("later", SHORT, LABELS), steps("later", FAR, LABELS), steps("sleep", FAR))
    callbacks = (LATER, CALL_OFF, WORK, SOON)
    plans = programs(LATER, *odd, SLEEP, *callbacks, callbacks=callbacks, awaiting=False, trouble=False)
    expect_as_on_asyncio(student, rng, "timers", plans, look_at)


@concurrency
def test_tasks(student, rng):
    """Tasks begin in the next turn, sleep at the same time, and give their results to whoever awaits them."""
    look_at = "which turn a task begins and goes on in"
    plans = programs(SPAWN, SLEEP, RETURN, WORK, LOOK, tasks=4, trouble=False)
    expect_as_on_asyncio(student, rng, "tasks", plans, look_at)


@concurrency
def test_waking_up(student, rng):
    """All who await a future are woken by `call_soon`, in order, and nobody waits for what is done."""
    look_at = "what happens to those who wait in the moment when a future is set, and what later"
    kinds = (AWAIT_FUTURE, AWAIT_FUTURE, SET, FAIL, WATCH, SLEEP, SOON)
    expect_as_on_asyncio(student, rng, "waking up", programs(*kinds, callbacks=(SET, FAIL, WATCH), tasks=4), look_at)


@concurrency
def test_cancellation(student, rng):
    """A task is cancelled at its await, may clean up or go on, and whoever awaits it is told."""
    look_at = "what cancel() does to a task that waits, that goes on soon, that has not begun, and that runs"
    kinds = (CANCEL, CANCEL, CANCEL_FUTURE, AWAIT_FUTURE, SLEEP, SET, SPAWN, LOOK, RETURN)
    expect_as_on_asyncio(student, rng, "cancellation", programs(*kinds, LATER, callbacks=(CANCEL, SET)), look_at)


@concurrency
def test_numbers(student):
    """Many callbacks, timers and awaits, on a stack that does not grow."""
    look_at = "what calls what when something is done; what is looked for in a list"
    for scenario, number, promise in (
        ("callbacks_in_a_chain", MANY, "callbacks, each of which asks for the next one"),
        ("callbacks_at_once", MANY, "callbacks that are asked for in one turn"),
        ("timers", MANY, "timers, half of them called off"),
        ("awaits_in_a_chain", MANY, "awaits of futures that are done later, one after the other"),
        ("tasks_in_a_chain", CHAIN, "tasks, each of which awaits the one before"),
        ("awaits_of_one", CHAIN, "tasks that await the same future"),
    ):
        expect_told(student, number, f"{number:,} {promise}: all of them", look_at, scenario, number=number)
    seen = student.run("stack_growth", number=CHAIN_TO_MEASURE)
    expect_returned(seen, "a call stack that does not grow", look_at)
    for what, (times, frames) in answer(seen.value, GROWTH).items():
        assert times == CHAIN_TO_MEASURE, feedback(f"{CHAIN_TO_MEASURE} {what}", f"{times}", look_at)
        assert frames <= GROWTH_ALLOWED, feedback(
            f"a call stack as high in all of {CHAIN_TO_MEASURE} {what}", f"{frames} frames higher in one", look_at
        )


@concurrency
def test_independence(student, rng):
    """Loops have nothing in common, one after another as well as in two threads at the same time."""
    seconds = rng.sample(range(1, 50), 2)
    look_at = "what is kept in the module, and where a sleep looks for its loop"
    for first, second in (sorted(seconds), sorted(seconds, reverse=True)):
        promise = "a loop to run nothing that belongs to another one"
        told = [[float(first), 0.0], [float(first), float(second)]]
        expect_told(student, told, promise, look_at, "side_by_side", seconds=[first, second])
    for scenario in ("one_after_another", "in_two_threads"):
        promise = "each of two loops to run its own tasks by its own clock"
        told = [[float(one), one] for one in seconds]
        expect_told(student, told, promise, look_at, scenario, seconds=seconds)


def expect_told(student, told, promise, look_at, scenario, **inputs):
    """Fails the check unless the scenario comes to its end, and tells this."""
    seen = student.run(scenario, **inputs)
    expect_returned(seen, promise, look_at)
    expect(seen.value, told, promise, look_at)
