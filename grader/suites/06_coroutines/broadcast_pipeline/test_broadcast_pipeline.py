"""What the pipeline's stages promise. A model of the pipeline, here and only here, knows who is to be sent what.

The judge hears, at the moment when it happens, what is done to the items, to targets, and to what sinks collect with.
"""

import pytest

from grader.evidence import (
    Dialogue,
    RemoteException,
    answer,
    concurrency,
    correctness,
    events_of,
    expect,
    expect_returned,
    feedback,
    same,
    shown,
)

WAYS_OUT = "what each way out of a stage does, and to which of its targets"
OUTCOME = (str, object)  # what came of a step, in a word, and the value or exception

# ------------------------------------------------------------------ pipelines as data, and what is to happen in them


def target(name):
    return ("target", name)


def broadcast(*targets):
    return ("broadcast", "", *targets)


LEFT, MIDDLE, RIGHT = target("left"), target("middle"), target("right")
ASKS = ("caller", "asks")  # the scenario is about to send the next item
BROKEN = "broken"  # the name of what itself raises
DEEP = ("map", "double", broadcast(("filter", "remainder", LEFT), broadcast(MIDDLE, ("map", "forget", RIGHT))))

FATAL = 13  # as in the scenario, and so are the functions


class FatalError(Exception):
    """What raises in the model where something raises in the scenario."""


def fail(item):
    if item == FATAL:
        raise FatalError
    return item


FUNCTIONS = {
    "remainder": lambda item: item % 3,
    "is none": lambda item: item is None,
    "double": lambda item: item * 2,
    "forget": lambda item: None,
    "fail": fail,
}


def events_by_hand(tree, items, then=0):
    """What is to happen when these items are sent, up to where something raises, and then so many more steps."""
    return _events(tree, items, before_each=[ASKS]) + [ASKS] * (then + 1)


def events_by_source(tree, items):
    """The same when `source` takes them from its items, and at last finds that there are no more."""
    return _events(tree, items, before_each=[("items", "next")], at_last=[("items", "next")])


def _events(tree, items, before_each=(), at_last=()):
    events = []
    try:
        for item in items:
            events += before_each
            _push(tree, item, events)
        events += at_last
    except FatalError:
        pass
    return events


def _push(tree, item, events):
    kind, what, *targets = tree
    match kind:
        case "filter" if not FUNCTIONS[what](item):
            return
        case "map":
            item = FUNCTIONS[what](item)
        case "sink" | "failing sink":
            events.append((what, "collect", item))
        case "target" | "failing target" | "target that fails to close":
            events.append((what, "send", item))
    if kind.startswith("failing"):
        fail(item)
    for further in targets:
        _push(further, item, events)


def targets_of(tree):
    """The names of all targets that have to be closed: those that do not themselves raise."""
    kind, name, *further = tree
    own = [name] if kind.startswith("target") else []
    return own + [name for tree in further for name in targets_of(tree)]


def words(tree):
    """A pipeline in words: `map_ → broadcast (target, sink)`."""
    kind, _, *targets = tree
    names = {"filter": "filter_", "map": "map_"}
    names |= {"failing target": "target that raises", "failing sink": "sink that raises"}
    begin = names.get(kind, kind)
    if not targets:
        return begin
    rest = ", ".join(map(words, targets))
    return f"{begin} ({rest})" if kind == "broadcast" else f"{begin} → {rest}"


@pytest.fixture
def items(rng):
    """Two of each remainder, always in the same order: what filter_ drops decides verdicts. None is fatal."""
    return [3 * rng.randrange(10, 10**5) + remainder for remainder in (1, 0, 2, 2, 0, 1)]


# ------------------------------------------------------------------ items


@correctness
def test_coroutine_primes(student, rng):
    """The decorator primes what the decorated function returns."""
    items = rng.sample(range(1, 10**6), 2)
    look_at = "what the decorator's own function is given, what it does, and what it returns"
    seen = student.run("decorated", items=items, calls=Dialogue({}))
    expect_returned(seen, "a generator from each call of the decorated function", look_at)
    names, answers = answer(seen.value, (object, object))
    events = events_of(seen)
    birds = ("polly", "coco")
    begun = [("nobody", "calls"), *((bird, "begin") for bird in birds), ("nobody", "sends")]
    heard = [(bird, "hear", item) for item in items for bird in birds]
    promise = "each call to bring a new generator to its first yield and no further, where it is sent what comes"
    expect_events(events, begun + heard, promise, look_at)
    said_twice_or_more = [["gave", [item] * times] for item in items for times in (2, 3)]
    expect(answers, said_twice_or_more, "what the generators yield, with the arguments passed on", look_at)
    expect(names, ["parrot", "Says everything twice, or more often."], "the function's own name and docstring", look_at)


@correctness
def test_filter_and_map(student, items):
    """filter_ and map_ send on what they should."""
    for tree, sent in (
        (("filter", "remainder", LEFT), items),
        (("filter", "is none", LEFT), [None, items[0], None]),
        (("map", "double", LEFT), [*items, "text", 0]),
        (("map", "forget", LEFT), items[:2]),
        (("filter", "remainder", ("map", "double", ("filter", "remainder", LEFT))), items),
    ):
        expect_sent_on(student, tree, sent, f"{words(tree)} to send on what it should", "what is sent on, and when")


@correctness
def test_broadcast_sends_to_all(student, items):
    """broadcast sends every item to every target, in order."""
    trees = [broadcast(LEFT), broadcast(LEFT, RIGHT), broadcast(LEFT, MIDDLE, RIGHT)]
    for tree in (*trees, broadcast(broadcast(LEFT, MIDDLE), RIGHT)):
        promise = f"each item sent to each of {len(targets_of(tree))} targets, in their order: {words(tree)}"
        look_at = "to whom broadcast sends an item before it waits for the next"
        expect_sent_on(student, tree, [*items, None, 0, "text", items[:2]], promise, look_at)


@correctness
def test_pipelines_from_source_to_sinks(student, items):
    """Whole pipelines from the source to the sinks."""
    doubles = ("map", "double", ("sink", "doubles"))
    for tree, sent in (
        (("sink", "all"), [*items, None, 0, "", items[:2], items[0]]),
        (broadcast(("filter", "remainder", ("sink", "some")), doubles, ("sink", "all")), items),
        (("filter", "remainder", broadcast(doubles, ("map", "forget", ("sink", "nothing")))), items),
        (("sink", "none"), []),
    ):
        promise = f"`collect` called with all that gets there, source → {words(tree)}"
        outcome = expect_pushed(student, tree, sent, promise, "what sink does with an item, and what it does then")
        assert same(outcome, ["gave", None]), feedback("source to return None", said(outcome), "how source ends")


# ------------------------------------------------------------------ conversation


@concurrency
def test_stages_are_ready_at_once(student, items):
    """A stage takes the first item at once, and sends nothing before."""
    look_at = "what happens to a stage between the call and the first item, and who primes whom"
    for tree, first in (
        (("filter", "remainder", LEFT), items[0]),
        (("filter", "is none", LEFT), None),
        (("map", "double", LEFT), items[0]),
        (("map", "forget", LEFT), None),
        (broadcast(LEFT, RIGHT), items[0]),
        (broadcast(LEFT, RIGHT), None),
        (("sink", "left"), items[0]),
        (("sink", "left"), None),
    ):
        expect_sent_on(student, tree, [], f"nothing to be sent before there is an item: {words(tree)}", look_at)
        expect_sent_on(student, tree, [first], f"the first item to be taken, and sent on: {words(tree)}", look_at)


@concurrency
def test_one_item_at_a_time(student, items):
    """Each item is through before the next one is taken."""
    branches = broadcast(LEFT, ("filter", "remainder", MIDDLE), ("map", "double", RIGHT))
    for tree in (LEFT, ("filter", "remainder", LEFT), ("map", "double", LEFT), branches):
        promise = f"an item to be taken and sent all the way before the next is taken: source → {words(tree)}"
        expect_pushed(student, tree, items, promise, "what is kept for later, and who takes more than one item")


@concurrency
def test_close_reaches_every_target_once(student, items):
    """close() reaches every target exactly once, and is quiet."""
    trees = [("filter", "remainder", LEFT), ("map", "double", LEFT), broadcast(LEFT, MIDDLE, RIGHT), DEEP]
    for sent in ([], items[:2]):
        for tree in (*trees, ("sink", "left")):
            where = f"close() of {words(tree)}, after {len(sent)} items, and close() once more"
            outcomes, events = by_hand(student, tree, sent, "close", "close", "send", where=where)
            expect_closed(events, tree, where)
            *_, closed, closed_again, sent_later = outcomes
            expect_no_exception(closed, f"a quiet end ({where})")
            expect_no_exception(closed_again, f"a quiet end ({where})")
            promise = f"StopIteration where an item is sent later ({where})"
            assert same(sent_later, ["ended", None]), feedback(promise, said(sent_later), WAYS_OUT)
        for tree in (LEFT, *trees):
            where = f"after {len(sent)} items, source → {words(tree)}"
            outcome, events = by_source(student, tree, sent, where=where)
            expect_closed(events, tree, where)
            expect_no_exception(outcome, f"a quiet end ({where})")


@concurrency(depends_on="test_close_reaches_every_target_once")
def test_an_exception_closes_everything(student, items):
    """An exception in one branch closes the others, and comes out."""
    fatal = [*items[:2], FATAL]
    for tree in (
        ("map", "fail", LEFT),
        ("filter", "fail", LEFT),
        broadcast(LEFT, ("failing target", BROKEN), RIGHT),
        broadcast(("failing target", BROKEN), LEFT, RIGHT),
        broadcast(("map", "forget", LEFT), ("map", "fail", MIDDLE), ("filter", "remainder", RIGHT)),
        broadcast(broadcast(LEFT, ("filter", "fail", MIDDLE)), RIGHT),
        ("filter", "remainder", ("map", "fail", broadcast(LEFT, RIGHT))),
        broadcast(LEFT, ("failing sink", BROKEN)),
    ):
        where = f"an exception at item 3, sent to {words(tree)}"
        outcomes, events = by_hand(student, tree, fatal, "close", where=where)
        expect_ended(events, tree, events_by_hand(tree, fatal, then=1), where)
        expect_comes_out(outcomes[-2], "StageError", where)
        where = f"an exception at item 3, source → {words(tree)}"
        outcome, events = by_source(student, tree, [*fatal, *items], where=where)
        expect_ended(events, tree, events_by_source(tree, fatal), where)
        expect_comes_out(outcome, "StageError", where)
    for tree in (LEFT, broadcast(LEFT, ("map", "double", RIGHT))):
        where = f"an exception of the items, source → {words(tree)}"
        outcome, events = by_source(student, tree, items, where=where, fail=True)
        expect_ended(events, tree, events_by_source(tree, items), where)
        expect_comes_out(outcome, "ItemsError", where)


@concurrency(depends_on="test_close_reaches_every_target_once")
def test_failing_close(student, items):
    """Where closing one target fails, the others are closed too."""
    for failing in range(3):
        kinds = ["target that fails to close" if place == failing else "target" for place in range(3)]
        tree = broadcast(*zip(kinds, ("left", "middle", "right"), strict=True))
        where = f"close() of broadcast, where closing target {failing + 1} of 3 raises"
        outcomes, events = by_hand(student, tree, items[:1], "close", where=where)
        expect_closed(events, tree, where)
        expect_comes_out(outcomes[-1], "CloseError", where)


# ------------------------------------------------------------------ what is seen


def by_hand(student, tree, items, *then, where):
    """The outcomes and events when these items are sent, and then closed or sent to, as `then` says."""
    steps = [("send", item) for item in items] + [(method, "late") for method in then]
    seen = student.run("by_hand", tree=tree, calls=Dialogue({"caller": steps}))
    expect_returned(seen, f"stages that can be made ({where})", "what each function does when it is called")
    return answer(seen.value, (OUTCOME,) * len(steps)), events_of(seen)


def by_source(student, tree, items, *, where, fail=False):
    """The outcome and the events when `source` sends these items, after which the items raise if they are to `fail`."""
    calls = Dialogue({"items": items}, failing=["items"] * fail)
    seen = student.run("by_source", tree=tree, calls=calls)
    expect_returned(seen, f"stages that can be made ({where})", "what each function does when it is called")
    return answer(seen.value, OUTCOME), events_of(seen)


def expect_sent_on(student, tree, items, promise, look_at):
    """Fails the check unless these items, sent by hand, bring about what they should."""
    outcomes, events = by_hand(student, tree, items, where=promise)
    expect_events(events, events_by_hand(tree, items), promise, look_at)
    for outcome in outcomes:
        expect_no_exception(outcome, promise)


def expect_pushed(student, tree, items, promise, look_at):
    """Fails the check unless these items, sent by `source`, bring about what they should; returns what came of it."""
    outcome, events = by_source(student, tree, items, where=promise)
    expect_events(events, events_by_source(tree, items), promise, look_at)
    expect_no_exception(outcome, promise)
    return outcome


def expect_ended(events, tree, right, where):
    """Fails the check unless this was all that happened, and all is closed."""
    promise = f"all that is sent before the exception, and nothing more to anybody ({where})"
    expect_events(events, right, promise, WAYS_OUT)
    expect_closed(events, tree, where)


def expect_events(events, right, promise, look_at):
    """Fails the check unless these events were logged, in this order, whoever was closed in between."""
    happened = [event for event in events if type(event) is not tuple or event[1:] != ("close",)]
    assert same(happened, right), feedback(promise, first_wrong(happened, right), look_at)


def first_wrong(events, right):
    """The first event that is not the right one, in words."""
    length = min(len(events), len(right))
    place = next((place for place in range(length) if not same(events[place], right[place])), length)
    so_far = f"after {place} steps that were right" if place else "as the first thing to happen"
    return f"{told(events[place])}, {so_far}" if place < len(events) else f"nothing, {so_far}"


def told(event):
    """An event in words."""
    if type(event) is not tuple or not 2 <= len(event) <= 3 or type(event[1]) is not str:
        return shown(event)
    who, what, value = (*event, None)[:3]
    sentences = {
        "next": "the next item was taken",
        "asks": "the caller was about to go on",
        "send": f"target {who} was sent {shown(value)}",
        "collect": f"sink {who} collected {shown(value)}",
        "throw": f"an exception was thrown into target {who}",
        "begin": "a generator began to run",
        "hear": f"a generator was sent {shown(value)}",
        "sends": "the first value was about to be sent",
    }
    return sentences.get(what, shown(event))


def expect_closed(events, tree, where):
    """Fails the check unless each target that has to be closed was closed exactly once."""
    names = targets_of(tree)
    times = {name: sum(same(event, (name, "close")) for event in events) for name in names}
    wrong = [f"{name} {'never' if count == 0 else f'{count} times'}" for name, count in times.items() if count != 1]
    those = f"target {names[0]}" if len(names) == 1 else f"each of the targets {', '.join(names)}"
    assert not wrong, feedback(f"{those} closed exactly once ({where})", f"closed: {', '.join(wrong)}", WAYS_OUT)


def expect_no_exception(outcome, promise):
    how, _ = outcome
    assert how == "gave", feedback(promise, said(outcome), "what a stage does after an item, and when it is closed")


def expect_comes_out(outcome, name, where):
    how, what = outcome
    comes_out = how == "raised" and isinstance(what, RemoteException) and what.type_name == name
    assert comes_out, feedback(f"the {name} to come out ({where})", said(outcome), WAYS_OUT)


def said(outcome):
    """An outcome in words."""
    how, what = outcome
    if how == "raised":
        return f"{shown(what)} was raised"
    return "StopIteration was raised" if how == "ended" else f"{shown(what)} was returned"
