"""What `ping_pong` and `generator` promise: all happens as it would with Python's own generators.

Each check draws plans, has them played with the student's functions, and plays them itself with generators.
"""

from contextlib import suppress

from hypothesis import strategies as st

from grader.evidence import (
    AtOnce,
    Verdict,
    VirtualTime,
    answer,
    clean,
    concurrency,
    correctness,
    expect,
    expect_one_thread,
    expect_returned,
    feedback,
    shown,
)
from grader.evidence.adversaries import each_error, each_value, errors, values
from grader.evidence.drawn import for_all

PYTHONS_OWN = ("StopIteration", "GeneratorExit", "KeyError", "KeyboardInterrupt", "SystemExit")
NONE = ["none", 0]


def as_data(described):
    return list(described)


EACH_ERROR = each_error(*PYTHONS_OWN, but=["empty"])
VALUES, ERRORS = values().map(as_data), errors(*PYTHONS_OWN, but=["empty"]).map(as_data)


UNMINDED = {"hits when ended": 0, "raises when ended": None, "swallows": False}  # what a side does that is ended


class PlannedError(Exception):
    """Stands for an error of the plan: the argument says which."""


# ------------------------------------------------------------------ games


def games(within=True, raises=False):
    """Plans of a game, perhaps with others within it. `raises`: whether errors come into it."""
    maybe = st.none() | ERRORS if raises else st.none()
    side = st.fixed_dictionaries(
        {
            "hits": st.lists(VALUES, max_size=4),
            "game": st.none() | games(within=False) if within else st.none(),
            "returns": VALUES,
            "raises": maybe,
            "hits when ended": st.integers(0, 2),
            "raises when ended": maybe,
            "swallows": st.booleans(),
        }
    )
    return st.fixed_dictionaries({"left": side, "right": side, "ball": VALUES})


def simple(plan):
    """The same without what happens to a side that is ended."""
    for side in (plan["left"], plan["right"]):
        side.update(UNMINDED)
    return plan


def ends_with(error, **when_ended):
    """A game that ends when left raises this error and right waits."""
    side = {"hits": [NONE], "game": None, "returns": NONE, "raises": None} | UNMINDED
    return {"left": side | {"raises": error}, "right": side | {"hits": [NONE] * 2} | when_ended, "ball": NONE}


def game_by_generators(plan, within, events):
    """Tells what must happen, as the scenario tells what does."""
    waiting = {name: _side(plan[name], within + name, events) for name in ("left", "right")}
    at_turn, ball = "left", word(plan["ball"])
    begun = []
    try:
        while True:
            if at_turn not in begun:
                begun.append(at_turn)
                next(waiting[at_turn])
            ball = waiting[at_turn].send(ball)
            at_turn = "right" if at_turn == "left" else "left"
    except StopIteration as end:
        outcome = ("returns", end.value)
    except PlannedError as error:
        outcome = ("raises", f"the very {error}")
    other = "right" if at_turn == "left" else "left"
    if other in begun:
        _ended(waiting[other])
    events.append((within + "game", *outcome))


def _ended(waiting):
    with suppress(PlannedError):  # nobody hears of it
        waiting.close()


def _side(plan, name, events):
    ball = yield
    events.append((name, "begins", ball))
    try:
        for value in plan["hits"]:
            if plan["game"] is not None:
                game_by_generators(plan["game"], f"{name}.", events)
            ball = yield word(value)
            events.append((name, "gets", ball))
        if plan["raises"] is not None:
            raise PlannedError(word(plan["raises"]))
        return word(plan["returns"])
    except GeneratorExit:
        events.append((name, "is ended"))
        events.extend([(name, "is refused")] * plan["hits when ended"])
        if plan["raises when ended"] is not None:
            raise PlannedError(word(plan["raises when ended"])) from None
        raise


def word(described):
    kind, number = described
    return f"{kind} {number}"


def expect_game(student, plan, look_at, without=("is ended", "is refused")):
    right = []
    game_by_generators(plan, "", right)
    seen = student.run("game", plan=plan, calls=events_at_once())
    expect_story(seen, right, look_at, without)


# ------------------------------------------------------------------ iterators


def bodies(deep=2, raises=False, ended=False, iterates=False, least=2):
    """Plans of a function. `raises`: errors come into it; `ended`: it minds being ended; `iterates`: over others."""
    kinds = [st.tuples(st.just("emit"), st.just(NONE) | VALUES)] * 3
    if deep:
        inner = st.deferred(lambda: steps(deep - 1, raises, ended, iterates, 1))
        kinds += [st.tuples(st.sampled_from(["deeper", "minded"] if ended or raises else ["deeper"]), inner)]
    if raises:
        kinds.append(st.tuples(st.just("raise"), ERRORS))
    if ended:
        kinds += [st.tuples(st.just("fails when ended"), ERRORS)] * 2
    if iterates:
        own = st.tuples(bodies(0, False, ended, least=0), st.integers(0, 4), st.booleans()).map(list)
        kinds += [st.tuples(st.just("iterate"), own)] * 2
        asks = st.sampled_from(["ask itself", "ask the other"])
        kinds += [st.tuples(asks, st.sampled_from(["next", "send", "close"]))] * 2
    all_steps = st.lists(st.one_of(kinds).map(list), min_size=least, max_size=4)
    return st.fixed_dictionaries({"steps": all_steps, "returns": VALUES})


def steps(*about):
    return bodies(*about).map(lambda plan: plan["steps"])


def calls(names, actions, elsewhere):
    """What is done with the iterators: by name, an action, a value to send, and whether in another greenlet."""
    one = st.tuples(st.sampled_from(names), st.sampled_from(actions), st.none() | VALUES, elsewhere).map(list)
    return st.lists(one, min_size=3, max_size=9)


def programs(*actions, names=("a",), elsewhere=True, **about):
    """Functions, and what is done with their iterators, which begins with the first value."""
    plans = st.fixed_dictionaries({name: bodies(**about) for name in names})
    begins = st.sampled_from([[[name, "next", None, False] for name in names], []])
    more = calls(names, ["next", "next", "send", "send", *actions], st.booleans() if elsewhere else st.just(False))
    return st.tuples(plans, st.tuples(begins, more).map(lambda parts: parts[0] + parts[1]))


def program(steps, *calls):
    """The one function `a`, and what is done with its iterator."""
    return {"a": {"steps": [list(step) for step in steps], "returns": ["plain", 1]}}, [
        ["a", action, value, False] for action, value in calls
    ]


EMITS = ("emit", ["plain", 0])
MINDED, _ = program([("minded", [list(EMITS)])])
SENT_TOO_EARLY = program([EMITS, EMITS], ("send", ["plain", 1]), ("next", None), ("send", ["plain", 1]), ("next", None))
NONE_SENT = program([EMITS], *[("send", None)] * 3)
ASKS_ITSELF = program(
    [EMITS, *(("ask itself", action) for action in ("next", "send", "close")), EMITS], *[("next", None)] * 3
)
ASK_EACH_OTHER = (
    {
        name: {"steps": [list(EMITS), *(["ask the other", action] for action in ("next", "send"))], "returns": NONE}
        for name in ("a", "b")
    },
    [["a", "next", None, False], ["b", "next", None, False], ["a", "next", None, False], ["b", "close", None, False]],
)


def one_of_each(kinds, plan_of, *actions):
    """A function for each kind, and the same done with all."""
    plans = {f"{kind} {number}": plan_of([kind, number]) for kind, number in kinds}
    return plans, [[name, action, None, False] for name in plans for action in actions]


RETURNS = one_of_each(each_value(), lambda kind: {"steps": [list(EMITS)], "returns": kind}, *["next"] * 3)
RAISES = one_of_each(EACH_ERROR, lambda kind: {"steps": [list(EMITS), ["raise", kind]], "returns": NONE}, *["next"] * 3)
FAILS_WHEN_CLOSED, FAILS_WHEN_DROPPED = (
    one_of_each(EACH_ERROR, lambda kind: {"steps": [["fails when ended", kind]], "returns": NONE}, "next", action)
    for action in ("close", "drop")
)
CLOSED_BY_ANOTHER, DROPPED_BY_ANOTHER = (
    [
        (MINDED, [["a", "next", None, not elsewhere], ["a", action, None, elsewhere], ["a", "next", None, False]])
        for elsewhere in (True, False)
    ]
    for action in ("close", "drop")
)
DROPPED_WITH_ANOTHER = program(
    [("minded", [["iterate", [{"steps": [list(EMITS)] * 2, "returns": NONE}, 2, False]]])],
    *(("next", None), ("drop", None)),
)


class ByGenerators:
    """The same as the scenario does, with generators of Python's own."""

    def __init__(self, plans, events):
        self._events = events
        self._alive = {}
        self._iterators = {name: self._new(name, plan) for name, plan in plans.items()}

    def _new(self, name, plan):
        self._alive[name] = True
        return self._function(name, plan)

    def _function(self, name, plan):
        self._events.append((name, "begins"))
        try:
            yield from self._perform(name, plan["steps"])
        finally:
            self._alive[name] = False
        self._events.append((name, "comes to its end"))
        return word(plan["returns"])

    def _perform(self, name, steps):
        for action, argument in steps:
            match action:
                case "emit":
                    self._events.append((name, "gets", (yield word(argument)) or word(NONE)))
                case "deeper":
                    yield from self._perform(name, argument)
                case "minded":
                    try:
                        yield from self._perform(name, argument)
                    finally:
                        self._events.append((name, "cleans up"))
                case "fails when ended":
                    try:
                        yield word(NONE)
                    except GeneratorExit:
                        raise PlannedError(word(argument)) from None
                case "raise":
                    raise PlannedError(word(argument))
                case "ask itself":
                    self._events.append((name, "asked itself", "raises ValueError"))
                case "ask the other":
                    other = "b" if name == "a" else "a"
                    if other in self._iterators:
                        self._events.append((name, "asked the other", self._outcome(other, argument, None)))
                case "iterate":
                    yield from self._iterate(name, argument)

    def _iterate(self, name, argument):
        plan, most, closes = argument
        own = f"{name}'s own"
        values = self._new(own, plan)
        try:
            for _ in range(most):
                try:
                    value = next(values)
                except StopIteration as end:
                    self._events.append((name, "saw the end", end.value or word(NONE)))
                    break
                self._events.append((name, "passes on", (yield value) or word(NONE)))
            if closes:
                self._alive[own] = False
                values.close()
        finally:
            self._alive[own] = False
            _ended(values)

    def do(self, number, name, action, value):
        if action == "drop":
            if name in self._iterators:
                self._alive[name] = False
                _ended(self._iterators.pop(name))
            outcome = "dropped"
        elif name not in self._iterators:
            return
        else:
            outcome = self._outcome(name, action, value)
        self._events.append((f"call {number}", name, action, outcome))

    def _outcome(self, name, action, value):
        if action == "iter":
            return "itself"
        iterator = self._iterators[name]
        try:
            if action == "close":
                iterator.close()
                self._alive[name] = False  # also if it has not begun
                return "closed"
            sent = None if action == "next" or value in (None, NONE) else word(value)
            return f"gives {iterator.send(sent)}"
        except StopIteration as end:
            return f"stops with {end.value or word(NONE)}"
        except PlannedError as error:
            return f"raises the very {error}"
        except (TypeError, ValueError) as error:
            return f"raises {type(error).__name__}"

    def end(self):
        for waiting in self._iterators.values():
            _ended(waiting)

    def alive(self):
        return sorted(name for name, alive in self._alive.items() if alive)


def expect_program(student, program, look_at, without=("alive",)):
    plans, calls = program
    right = by_generators(plans, calls)
    seen = student.run("iterate", calls=events_at_once(), plans=plans, calls_made=calls)
    expect_story(seen, right, look_at, without)


def by_generators(plans, calls):
    events = []
    own = ByGenerators(plans, events)
    for number, (name, action, value, _) in enumerate(calls, 1):
        own.do(number, name, action, value)
        events.append(("alive", own.alive()))
    told = [*events]
    own.end()
    return told


# ------------------------------------------------------------------ what is compared


def events_at_once():
    return AtOnce({"event": lambda *event: None})


def expect_story(seen, right, look_at, without):
    """Fails the check at the first thing that is told and should not be, or the other way round.

    `without`: what is of no interest to it.
    """
    expect_returned(seen, "all calls to come to their end", look_at)
    answer(seen.value, [int])
    told = [call.args for call in seen.calls("event")]
    told, right = ([e for e in events if not set(without) & words_in(e)] for events in (told, right))
    told, right = ([sentence(event) for event in events] for events in (told, right))
    place = next((n for n, (a, b) in enumerate(zip(told, right, strict=False)) if a != b), min(len(told), len(right)))
    if place < max(len(told), len(right)):
        before = f"after “{right[place - 1]}”: " if place else ""
        ends = "that all is over"
        got, want = (f"“{story[place]}”" if place < len(story) else ends for story in (told, right))
        leak = got.startswith("“alive") and want.startswith("“alive")
        raise AssertionError(feedback(f"{before}{want}", got, look_at, verdict=Verdict.LEAK if leak else Verdict.FAIL))


def words_in(event):
    return {word for word in event if type(word) is str}


def sentence(event):
    if type(event) not in (list, tuple) or len(event) > 5:
        return shown(event)
    if len(event) == 2 and event[0] == "alive" and type(event[1]) is list:
        return f"alive: {', '.join(clean(str(name), 30) for name in event[1][:9]) or 'nothing'}"
    return " ".join(clean(part, 60) if type(part) is str else shown(part) for part in event)


# ------------------------------------------------------------------ checks


@correctness
def test_balls_and_results(student, rng):
    """The ball goes to and fro, whatever it is, and the game has the result of the side that returns first."""

    def holds(plan):
        expect_game(student, plan, "what `hit` hands over, to whom, and what it returns")

    for_all(student, rng, games(within=False).map(simple), holds, examples=20)


@correctness(depends_on="test_balls_and_results")
def test_games_end_with_errors(student, rng):
    """What a side raises is raised by the game, as it is."""

    def holds(plan):
        expect_game(student, plan, "where an exception that leaves a greenlet goes")

    each = [ends_with(list(kind)) for kind in EACH_ERROR]
    for_all(student, rng, games(within=False, raises=True).map(simple), holds, examples=15, first=each)


@concurrency(depends_on="test_balls_and_results")
def test_turns(student, rng):
    """Who plays when, also in games within games; nobody is gone on with when the game is over."""

    def holds(plan):
        expect_game(student, plan, "who is switched to, and whether it is still there")

    for_all(student, rng, games().map(simple), holds, examples=20)
    for hits, late in ((True, 2), (False, 1)):
        seen = student.run("late_hits", hits=hits)
        expect_returned(seen, "a game to end when a side returns")
        expect(
            seen.value,
            [["refused", True]] * late,
            "a RuntimeError for each `hit` that comes when the game is over",
            look_at="what `hit` does when there is nobody to switch to",
        )


@concurrency(depends_on="test_balls_and_results")
def test_the_other_side_is_ended(student, rng):
    """The side that waits is ended when the game is over, and can clean up; one that has not begun never does."""

    def holds(plan):
        expect_game(student, plan, "what becomes of the other side when one has returned or raised", without=())

    each = [ends_with(list(kind), **{"raises when ended": list(kind)}) for kind in EACH_ERROR]
    for_all(student, rng, games(raises=True), holds, examples=15, first=each)


@correctness
def test_values_and_ends(student, rng):
    """What the function emits, is sent and returns, from any depth, when it is asked and not before."""

    def holds(program):
        expect_program(student, program, "what goes through `switch` in each direction, and what comes after the end")

    named = {name: number for number, name in enumerate(("self", "function", "args", "kwargs", "emit", "value"))}
    seen = student.run("arguments", named=named)
    look_at = "what names your own parameters have, which are called with those of the function"
    expect_returned(seen, f"the arguments 1, 2 and {named} to reach the function", look_at)
    expect(seen.value, [[1, 2], named], "the arguments that the iterator was made with", look_at=look_at)
    plans = programs("iter", elsewhere=False)
    for_all(student, rng, plans, holds, examples=20, first=[SENT_TOO_EARLY, NONE_SENT, RETURNS])


@correctness(depends_on="test_values_and_ends")
def test_errors_reach_whoever_asked(student, rng):
    """An error goes to the one who asked this time, in whichever greenlet that is, and then comes the end."""

    def holds(program):
        expect_program(
            student, program, "which greenlet is the parent when the function raises, and what is kept of it"
        )

    for_all(student, rng, programs(raises=True), holds, examples=20, first=[RAISES])


@concurrency(depends_on="test_values_and_ends")
def test_nested_and_side_by_side(student, rng):
    """Iterators by turns, iterators within the functions of others, and functions that ask themselves."""

    def holds(program):
        expect_program(student, program, "what belongs to one iterator, and what to all of them")

    plans = programs("close", names=("a", "b"), raises=True, iterates=True)
    for_all(student, rng, plans, holds, examples=30, first=[ASKS_ITSELF, ASK_EACH_OTHER])


@concurrency(depends_on="test_values_and_ends")
def test_closing(student, rng):
    """Closing ends the function where it waits; one that has not begun never does."""

    def holds(program):
        expect_program(student, program, "what is thrown where when an iterator is closed, and what comes back")

    plans = programs("close", "close", ended=True)
    for_all(student, rng, plans, holds, examples=20, first=[*CLOSED_BY_ANOTHER, FAILS_WHEN_CLOSED])


@concurrency(depends_on="test_values_and_ends")
def test_dropping(student, rng):
    """What nobody holds is ended at once, and lets go of all that it held; so does what has come to its end."""

    look_at = "who holds whom: the iterator, its greenlet, and what runs in there"

    def holds(program):
        expect_program(student, program, look_at, without=())

    plans = programs("drop", "drop", "close", names=("a", "b"), raises=True, ended=True, iterates=True)
    first = [DROPPED_WITH_ANOTHER, *DROPPED_BY_ANOTHER, FAILS_WHEN_DROPPED]
    for_all(student, rng, plans, holds, examples=30, first=first)
    for action in ("next", "send", "close"):
        seen = student.run("held_after_error", action=action)
        expect_returned(seen, "an error of the function to come out", look_at)
        expect(
            seen.value,
            False,
            f"nothing to be held of a function whose error came out of `{action}` and was caught",
            look_at="which of your variables hold an error whose traceback holds them",
        )


@concurrency
def test_one_thread(student, rng):
    """All runs in the thread that calls."""
    side = {"hits": [["plain", 0], ["plain", 1]], "game": None, "returns": NONE, "raises": None} | UNMINDED
    body = {"steps": [["emit", ["plain", 0]], ["minded", [["emit", ["plain", 1]]]]], "returns": NONE}
    calls = [
        ["a", "next", None, False],
        ["b", "next", None, False],
        ["a", "next", None, False],
        ["a", "close", None, False],
    ]
    for scenario, inputs in (
        ("game", {"plan": {"left": side, "right": side, "ball": NONE}}),
        ("iterate", {"plans": {"a": body, "b": body}, "calls_made": calls}),
    ):
        policy = VirtualTime({"event": lambda *event: None}, lasts={"event": 1})
        seen = student.run(scenario, calls=policy, watch_callers=True, **inputs)
        expect_returned(seen, "all calls to come to their end")
        assert len(seen.calls("event")) >= 5, feedback("both sides to play, and values to be emitted", "less")
        look_at = "what is done by threads, and could be done by switching"
        lines = answer(seen.value, [int])
        expect_one_thread(seen, "no thread but the one that calls", lines, "switchboard.py", look_at)
