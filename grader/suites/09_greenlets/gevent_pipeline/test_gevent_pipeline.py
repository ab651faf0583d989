"""What `run_pipeline` promises, for drawn plans: what the source gives when, how long each part takes, what goes wrong.

The judge hears of every event when it happens, and ends every step itself. A plan also says by which chance it is
chosen who goes first of several greenlets that are ready. From a history of events all else follows.
"""

from dataclasses import dataclass
from itertools import groupby, pairwise

from hypothesis import strategies as st

from grader.evidence import (
    AtOnce,
    OneOf,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_none_left,
    expect_one_thread,
    expect_returned,
    feedback,
    shown,
)
from grader.evidence.adversaries import each_value, errors
from grader.evidence.drawn import for_all

TOLD = {"ended": str, "result": object, "left": int, "lines": [int]}
EVENT = OneOf((str, str), (str, str, bool))
IN_ORDER = "work called once with each item, in the order of the source"
STEPS = ("asked", "given", "over", "begun", "part", "done", "failed")
AFTERWARDS = ("cleaned up", "killed again", "ended", "failed", "thrown")
OUT, RETURNED = "what was thrown in came out", "returned"

# ------------------------------------------------------------------ plans

END_OF_A_QUEUE = ["StopIteration", 0]  # the class itself, at which gevent's queues end
PLAIN, NONE = ["plain", 0], ["none", 0]
TWO_OF_EACH = [[kind, number] for kind, _ in each_value(but=["none"]) for number in range(2)]
VALUES = [*TWO_OF_EACH, NONE]  # drawn in one go: of all that a job does, drawing takes a good part
ITERATORS = ["generator", "map", "object"]
WHICH = st.integers(0, 11)
ORDERS = st.integers(0, 99)  # 0: who has been ready for longest goes first


def items(afters, lasts):
    """After how many seconds the source gives each, and how long its parts take."""
    return st.fixed_dictionaries(
        {
            "after": st.sampled_from(afters),
            "value": st.sampled_from([*VALUES, *[END_OF_A_QUEUE] * 4]),
            "parts": st.lists(st.sampled_from([[after, value] for after in lasts for value in VALUES]), max_size=3),
        }
    )


ITEMS = items([1, 0, 2, 5], range(1, 10))


def plans(*goes_wrong, least=0, most=7, workers=3, buffer=3, items=ITEMS):
    """`goes_wrong`: of "source", "work", "part", "end", "kill" and "timeout", one in each plan."""
    return st.fixed_dictionaries(
        {
            "workers": st.integers(1, workers),
            "buffer": st.integers(1, buffer),
            "order": ORDERS,
            "items": st.lists(items, min_size=max(least, 1 if goes_wrong else 0), max_size=most),
            "ends_after": st.sampled_from([1, 0, 20]),
            "clean_up": st.integers(1, 7),
            "clean_up_fails": st.booleans(),
            "in_main": st.booleans(),
            "error": errors("StopIteration", but=["outside"]).map(list),
            "goes_wrong": st.tuples(st.sampled_from(goes_wrong or ("nothing",)), WHICH, WHICH),
        }
    ).map(settled)


def settled(plan):
    """What goes wrong, as the scenario has it: at a step that there is, or at a moment."""
    kind, which, part = plan.pop("goes_wrong")
    number = which % len(plan["items"]) if plan["items"] else 0
    parts = len(plan["items"][number]["parts"]) if plan["items"] else 0
    plan |= {"fails": [], "together": None, "thrown": None}
    if kind != "work" and plan["error"][0] == "StopIteration":  # elsewhere that is an end
        plan["error"] = ["plain", 0]
    if kind in ("kill", "timeout"):
        plan["in_main"] = False
        plan["thrown"] = [which + 0.5, kind]
    elif kind == "source":
        plan["fails"] = [["source", which % (len(plan["items"]) + 1)]]
    elif kind == "part" and parts:
        plan["fails"] = [["part", number, part % parts]]
    elif kind != "nothing":
        plan["fails"] = [["work" if kind == "work" else "end", number]]
    return plan


NOTHING_WRONG = {
    "order": 0,
    "ends_after": 1,
    "clean_up": 1,
    "clean_up_fails": False,
    "in_main": False,
    "error": ["plain", 0],
    "fails": [],
    "together": None,
    "thrown": None,
}


def plan_of(parts, workers=2, buffer=1, after=1, values=None, **wrong):
    """An item for each list of parts, each with its value, or another one for each."""
    values = values or [["plain", number] for number in range(len(parts))]
    items = [{"after": after, "value": value, "parts": own} for value, own in zip(values, parts, strict=True)]
    return {"workers": workers, "buffer": buffer, "items": items, **NOTHING_WRONG, **wrong}


def last_one_first():
    """Three items in work at the same time, of which the last one is done first."""
    return plan_of([[[9, PLAIN], [9, PLAIN], [9, NONE]], [[5, PLAIN], [5, NONE]], [[1, NONE]]], workers=3)


def fast_source():
    """Ten items, one each second, and work that takes far longer."""
    return plan_of([[[50, PLAIN]]] * 10)


def strange_items():
    """The classes and objects at which a queue ends, or which are none."""
    kinds = [*map(list, each_value()), END_OF_A_QUEUE]
    return plan_of([[[1, PLAIN]]] * len(kinds), values=kinds)


def at_one_moment():
    """Nine items that take no time, nor does the source: one comes just when the only worker becomes free."""
    return plan_of([[[0, PLAIN]]] * 9, workers=1, buffer=6, after=0)


IN_HARDLY_ANY_TIME = plans(least=6, most=9, buffer=6, items=items([0, 0, 1], range(2))).map(
    lambda plan: plan | {"order": 0}  # who has been ready for longest goes first: several are, at each moment
)


def failing(*error, **more):
    """The work with the second item of three, at its call, with an error of this kind."""
    return plan_of([[[9, PLAIN]]] * 3, fails=[["work", 1]], error=list(error), **{"in_main": True} | more)


def failing_together(places, order):
    """Of the source and three items in work, those that are given fail at the same moment, before anybody is killed."""
    return plan_of([[[9, PLAIN]]] * 3, workers=3, fails=places, together=5.5, clean_up=5, order=order)


EVERYWHERE = [*(["part", number, 0] for number in range(3)), ["source", 3]]
TOGETHER = st.builds(failing_together, st.lists(st.sampled_from(EVERYWHERE), min_size=2, unique_by=tuple), ORDERS)


def thrown_into_late(moment, kind, order):
    """The same, and the call is thrown into while those who were killed for that clean up."""
    return failing("plain", 0, thrown=[moment, kind], clean_up=5, order=order, in_main=False)


LATE = st.builds(thrown_into_late, st.sampled_from([2.5, 4.5, 6.5]), st.sampled_from(["kill", "timeout"]), ORDERS)


def results(plan):
    return [[described for _, described in item["parts"]] for item in plan["items"]]


# ------------------------------------------------------------------ what happened


@dataclass(frozen=True)
class Event:
    when: float
    what: str
    who: str
    right: bool = True  # where `work` is called: with the item whose turn it was


class History:
    """What happened in one run, in its order, and what was told of its end."""

    def __init__(self, plan, events, told):
        self.plan, self.events = plan, events
        self.ended, self.result, self.left = told["ended"], told["result"], told["left"]

    @property
    def moment(self):
        """When something went wrong for the first time; None if nothing did."""
        return next((event.when for event in self.events if event.what in ("failed", "thrown")), None)

    @property
    def end(self):
        return next((event.when for event in self.events if event.what == "ended"), None)

    def of(self, *what):
        return [event for event in self.events if event.what in what]

    def first_errors(self):
        """Who failed at the moment of the first error."""
        return [event.who for event in self.of("failed") if event.when == self.moment]

    def rests(self):
        """The moments at which nobody could go on before something came to its end, until something goes wrong."""
        state = State()
        for when, together in groupby(self.events, key=lambda event: event.when):
            if self.moment is not None and when >= self.moment:
                return
            for event in together:
                state.take(event)
            if self.end is None or when < self.end:
                yield state

    def in_progress(self):
        """Who waited when something went wrong. (Whose last part came at that moment may be between two parts.)"""
        last = {event.who: event for event in self.events if event.what in STEPS}
        of_items = {who for who, event in last.items() if event.what in ("begun", "part") and event.when < self.moment}
        return of_items | {who for who, event in last.items() if event.what == "asked"}

    def states(self):
        """After each event."""
        state = State()
        for event in self.events:
            state.take(event)
            yield state


class State:
    """How many items wait and are in work, how often the source is being asked, and whether it is over."""

    def __init__(self):
        self.waiting = self.working = self.asking = 0
        self.over = False

    def take(self, event):
        self.asking += (event.what == "asked") - (event.what in ("given", "over"))
        self.waiting += (event.what == "given") - (event.what == "begun")
        self.working += (event.what == "begun") - (event.what == "done")
        self.over = self.over or event.what == "over"


def nothing(*said):
    return None


def play(student, plan, **watched):
    """The history as the judge saw it, and what else it saw."""
    policy = VirtualTime(
        {"events": nothing, "timer": nothing, "clock": lambda: policy.now},
        lasts={"events": lambda events, seconds: seconds, "timer": lambda seconds: seconds},
    )
    seen = student.run("judged", plan=plan, calls=policy, **watched)
    expect_returned(seen, "the call to come to its end")
    events = [Event(when, *event) for when, event in told(seen, EVENT)]
    return History(plan, events, answer(seen.value, TOLD)), seen


def told(seen, shape):
    """Each event, with its moment."""
    calls = seen.calls("events")
    return [(call.began, event) for call in calls for event in answer(call.args, ([shape], float))[0]]


# ------------------------------------------------------------------ what must hold


def expect_results(history):
    expect(history.ended, RETURNED, "the call to return, as nothing went wrong")
    begun = [event.right for event in history.of("begun")]
    expect(begun, [True] * len(history.plan["items"]), IN_ORDER, "what becomes of an item from the source to work")
    expect(len(history.of("done")), len(begun), "every iterator gone through to its end", "when an item is done")
    expect(
        history.result,
        results(history.plan),
        "a list of parts for each item, in the order of the source, whichever is done first",
        look_at="how parts find their place, also if the same item comes twice",
    )


def expect_busy(history):
    workers = history.plan["workers"]
    most = max(state.working for state in history.states())
    assert most <= workers, feedback(f"at most {workers} items in work", f"{most} at once", "who calls work, and when")
    for rest in history.rests():
        assert not rest.waiting or rest.working == workers, feedback(
            f"{workers} items in work while another one waits (workers={workers})",
            f"{rest.working} in work and {rest.waiting} waiting, with everything at rest",
            "what a worker waits for before it takes up the next item",
        )


def expect_woken(seen):
    """Nobody was woken by a timer: all that comes, comes of somebody's doing."""
    timers = [call for call in seen.calls("timer") if not call.open]
    assert not timers, feedback(
        "everybody who waits to be woken by whoever changes something",
        f"a wait with a time-out, which was over {len(timers)} times",
        "who looks again and again, and who could wake it",
    )


def expect_no_pause(history):
    """Between two parts nobody waits for anything but the parts."""
    begun, done = ({event.who: event.when for event in history.of(what)} for what in ("begun", "done"))
    for number, item in enumerate(history.plan["items"]):
        who, lasts = f"item {number}", sum(lasts for lasts, _ in item["parts"])
        assert done[who] - begun[who] == lasts, feedback(
            f"{who} in work for {lasts} virtual seconds, as long as its parts take",
            f"for {done[who] - begun[who]:g}",
            "what happens between two parts, and whether that takes time",
        )


def expect_back_pressure(history):
    buffer, look_at = history.plan["buffer"], "what is waited for before the source is asked for its next item"
    asking = max(state.asking for state in history.states())
    assert asking <= 1, feedback("the source to be asked for one item at a time", f"for {asking} at once", look_at)
    for rest in history.rests():
        assert rest.waiting <= buffer + 2, feedback(
            f"at most {buffer + 2} items waiting ({buffer} in the queue, one on its way in and one on its way out)",
            f"{rest.waiting} of them, with everything at rest",
            look_at,
        )
        assert rest.asking or rest.over or rest.waiting >= buffer, feedback(
            f"the source to be held back only while at least {buffer} items wait (buffer={buffer})",
            f"it was held back while {rest.waiting} waited",
            look_at,
        )


def expect_in_time(history):
    """The end comes when the last one is through, and not before."""
    last = max((event.when for event in history.events if event.what not in ("ended", "given", "asked")), default=0)
    assert history.end == last, feedback(
        f"the call to end at {last:g} virtual seconds, when the last one was through",
        "its end was not told" if history.end is None else f"it ended at {history.end:g}",
        "what the call waits for, and what it does not wait for",
    )


def expect_all_killed(history, look_at):
    """What was in progress when something went wrong was killed then, and nothing began later."""
    moment = history.moment
    if moment is None:
        return  # the call had ended before
    for event in history.events:
        assert event.when <= moment or event.what in AFTERWARDS, feedback(
            f"nothing to begin or go on later than {moment:g} virtual seconds, when something went wrong",
            f"{_in_words(event)} at {event.when:g}",
            look_at,
        )
    for who in sorted(history.in_progress()):
        assert who in [event.who for event in history.of("killed")], feedback(
            f"{who}, in progress when something went wrong, to be killed at that moment", "it was not", look_at
        )
    again = history.of("killed again")
    assert not again, feedback("whoever is killed to be killed once", f"{again[0].who} was killed again", look_at)
    killed, through = (sorted(event.who for event in history.of(what)) for what in ("killed", "cleaned up"))
    expect(through, killed, "everybody who was killed to come to the end of cleaning up", look_at)


def _in_words(event):
    said = {
        "asked": "the source was asked",
        "given": "the source gave an item",
        "over": "the source came to its end",
        "begun": f"work was called with {event.who}",
        "part": f"a part of {event.who} was made",
        "done": f"{event.who} was done",
        "killed": f"{event.who} was killed only",
    }
    return said.get(event.what, "something else happened")


def expect_nothing_left(history):
    expect_none_left(
        max(0, history.left),
        f"every greenlet ended when the call has ended (this time it {history.ended})",
        look_at="who ends the greenlets that wait, and who waits until they have ended",
    )


def expect_first_error(history):
    if history.moment is None:
        expect_results(history)
        return
    who = history.first_errors()
    assert history.ended in [f"raised the error of {one}" for one in who], feedback(
        f"the error of {' or of '.join(who)} to be raised, the object itself: nobody failed at an earlier moment",
        f"the call {shown(history.ended)}",
        "what is raised when several have failed, and who looks at what greenlets end of",
    )


# ------------------------------------------------------------------ checks


@correctness
def test_results_in_the_order_of_the_source(student, rng):
    """The parts of each item, in the order of the source."""

    def holds(plan):
        expect_results(play(student, plan)[0])

    for_all(student, rng, plans(), holds, examples=14, first=[last_one_first(), strange_items()])


@correctness
def test_arguments(student):
    """Workers or buffer below 1."""
    for workers, buffer in ((0, 1), (-1, 2), (1, 0), (2, -1)):
        seen = student.run("refused", workers=workers, buffer=buffer)
        expect_returned(seen, f"a ValueError for workers={workers}, buffer={buffer}")
        what, asked = answer(seen.value, (str, int))
        expect(what, "ValueError", f"a ValueError for workers={workers}, buffer={buffer}")
        expect(asked, 0, "a ValueError before the source is asked for anything")
    seen = student.run("refused", workers=1, buffer=1)  # nothing is wrong with these; an item of 1 has no parts
    expect(answer(seen.value, (str, int))[1], 1, "the source to be asked where workers and buffer are 1")


@correctness(depends_on="test_results_in_the_order_of_the_source")
def test_first_error_is_raised(student, rng):
    """The first error is raised, as it is."""

    def holds(plan):
        expect_first_error(play(student, plan)[0])

    wrong = plans("source", "work", "part", "end")
    for_all(student, rng, wrong, holds, examples=14, first=[failing("falsy", 0), failing("StopIteration", 0)])
    for_all(student, rng, TOGETHER, holds, examples=2, first=[failing_together(EVERYWHERE, 0)])


@correctness(depends_on="test_results_in_the_order_of_the_source")
def test_nothing_is_left_behind(student, rng):
    """However the call ends, every greenlet has ended."""

    def holds(plan):
        history, seen = play(student, plan)
        expect_nothing_left(history)
        expect_none_left(seen.leftover_threads + seen.leftover_processes, "no thread and no process left")

    for_all(student, rng, plans(), holds, examples=4)
    for_all(student, rng, plans("source", "work", "part", "kill", "timeout", least=2), holds, examples=10)
    for_all(student, rng, LATE, holds, examples=2)


@concurrency(depends_on="test_results_in_the_order_of_the_source")
def test_as_many_in_work_as_allowed(student, rng):
    """Each item is taken up as soon as a worker is free, and no sooner."""

    def holds(plan):
        history, seen = play(student, plan)
        expect_results(history)
        expect_woken(seen)
        expect_busy(history)
        expect_no_pause(history)
        expect_in_time(history)

    for_all(student, rng, plans(least=4, most=6), holds, examples=10)
    for_all(student, rng, IN_HARDLY_ANY_TIME, holds, examples=6, first=[at_one_moment()])
    sizes = [[rng.randrange(1, 4) for _ in range(4)] for _ in range(2)]
    seen = student.run("side_by_side", sizes=sizes, workers=2, calls=VirtualTime({"timer": nothing}, {"timer": float}))
    expect_returned(seen, "two calls at the same time to return")
    wanted = [[[[number, part] for part in range(number)] for number in own] for own in sizes]
    expect(seen.value, wanted, "its own results for each of two calls at the same time", "what two calls share")


@concurrency(depends_on="test_results_in_the_order_of_the_source")
def test_back_pressure(student, rng):
    """The source is asked for one item at a time, and is held back when the buffer is full, and only then."""

    def holds(plan):
        history, _ = play(student, plan)
        expect_results(history)
        expect_back_pressure(history)

    for_all(student, rng, plans(least=7, most=9, workers=2), holds, examples=7, first=[fast_source()])


@concurrency(depends_on="test_results_in_the_order_of_the_source")
def test_others_get_their_turn(student, rng):
    """Between two parts that are computed, everybody else who is ready gets a turn."""
    for kinds in (*([kind] for kind in ITERATORS), rng.sample(ITERATORS, 3)):
        workers, parts = len(kinds), [rng.randrange(4, 9) for _ in kinds]
        seen = student.run(
            "computing",
            parts=parts,
            kinds=kinds,
            calls=AtOnce({"events": nothing, "timer": nothing, "clock": float}),
        )
        expect_returned(seen, "the parts of all items")
        expect(seen.value, [list(range(number)) for number in parts], "the parts of all items")
        events = [event for _, event in told(seen, (str, object))]
        for number in range(workers):
            expect_turns(events, number, workers)


def expect_turns(events, number, workers):
    """Between two parts of this item: the neighbour, and each other item that is in the middle of its parts."""
    look_at = "what happens between two parts, and who else can run then"
    mine = [place for place, event in enumerate(events) if event == ["part", number]]
    for place, following in pairwise(mine):
        between = events[place + 1 : following]
        assert ["turn", "neighbour"] in between, feedback(
            "a turn for a greenlet of somebody else's between two parts of an item", "it had none", look_at
        )
        for other in set(range(workers)) - {number}:
            ready = ["part", other] in events[:place] and ["part", other] in events[following:]
            assert not ready or ["part", other] in between, feedback(
                "a turn for each other item in work between two parts of an item", "one of them had none", look_at
            )


@concurrency(depends_on="test_as_many_in_work_as_allowed")
def test_first_error_kills_the_rest(student, rng):
    """The first error kills all that is in progress, and the call waits until it has cleaned up."""

    def holds(plan):
        history, _ = play(student, plan)
        expect_first_error(history)
        expect_all_killed(history, "who notices an error, when, and whom it ends")
        if history.moment is not None:
            expect_in_time(history)

    for_all(student, rng, plans("source", "work", "part", "end", least=2), holds, examples=16)
    for_all(student, rng, TOGETHER, holds, examples=2)


@concurrency(depends_on="test_as_many_in_work_as_allowed")
def test_killing_the_call_kills_all(student, rng):
    """What is thrown into the call kills all that is in progress, and comes out when that has cleaned up."""

    def holds(plan):
        history, _ = play(student, plan)
        if history.moment is None:
            expect_results(history)
            return
        assert history.ended == OUT, feedback(
            "GreenletExit, or the Timeout, to come out of the call that it was thrown into",
            f"the call {shown(history.ended)}",
            "what happens to what is caught, and which exceptions are",
        )
        expect_all_killed(history, "what becomes of the greenlets when the call itself is killed")
        expect_in_time(history)

    for_all(student, rng, plans("kill", "timeout", least=3), holds, examples=14)
    for_all(student, rng, LATE, holds, examples=3)


@concurrency(depends_on="test_results_in_the_order_of_the_source")
def test_one_thread(student, rng):
    """All runs in the thread that calls."""

    def holds(plan):
        history, seen = play(student, plan, watch_callers=True)
        expect_results(history)
        lines = answer(seen.value, TOLD)["lines"]
        look_at = "what is done by threads, and could be done by greenlets"
        expect_one_thread(seen, "no thread but the one that calls", lines, "gevent_pipeline.py", look_at)

    for_all(student, rng, plans(least=3, most=5), holds, examples=4)
