"""What `round_robin` promises: which input is asked when, and which are closed at the end."""

from itertools import islice

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
    split_at,
)

OUTCOME = (str, object)  # how it was answered, and with which item or exception
INPUTS = {str(place): f"input {place + 1}" for place in range(5)}  # as the scenario names them, and in words
TOO_MANY = 5  # items more than there should be: enough to see that it does not end
WHOSE_TURN = "whose turn is next, above all after one has dropped out"
WAYS_OUT = "what each way out does, and to which iterators"


def turns(inputs):
    """For each item, and for the end: the places of the inputs that are asked, in order, and what comes."""
    rest = {str(place): list(items) for place, items in enumerate(inputs)}
    asked = []
    while rest:
        for place, items in list(rest.items()):
            asked.append(place)
            if items:
                yield asked, ["gave", items.pop(0)]
                asked = []
            else:
                del rest[place]
    yield asked, ["ended", None]


def items_of(inputs):
    return [what for _, (how, what) in turns(inputs) if how == "gave"]


def some_items(rng, *lengths):
    items = iter(rng.sample(range(1, 10**6), sum(lengths)))
    return [list(islice(items, length)) for length in lengths]


def expect_items(student, inputs, promise, look_at, once=()):
    """Fails the check unless the right items are given in the right order."""
    right = items_of(inputs)
    seen = student.run("items_by_turns", inputs=inputs, at_most=len(right) + TOO_MANY, once=once)
    expect_returned(seen, promise, look_at)
    expect(seen.value, right, promise, look_at)


@correctness
def test_one_item_of_each_by_turns(student, rng):
    """One item of each by turns, and those that are exhausted drop out."""
    together = [(3, 3, 3), (3, 4), (4, 3)]
    dropping_out = [(3, 1, 5, 3), (1, 2, 4, 3), (4, 1, 1, 3), (1, 3, 1, 5, 2), (5, 4, 1, 3)]
    for lengths in (*together, *dropping_out):
        promise = f"the items by turns, from inputs of {', '.join(map(str, lengths))} items"
        expect_items(student, some_items(rng, *lengths), promise, WHOSE_TURN)


@correctness
def test_empty_inputs_and_none(student, rng):
    """Empty inputs give nothing, and there may be none at all."""
    for lengths in ((), (0,), (3,), (0, 0), (0, 2, 0), (2, 0, 0, 3), (0, 0, 2, 2)):
        those = f"inputs of {', '.join(map(str, lengths))} items" if lengths else "no inputs"
        expect_items(
            student, some_items(rng, *lengths), f"the items by turns and a quiet end, from {those}", WHOSE_TURN
        )


@correctness(depends_on="test_one_item_of_each_by_turns")
def test_any_item_and_any_input(student, rng):
    """Anything can be an item, and any iterable an input."""
    number = rng.randrange(1, 10**6)
    look_at = "how it is told whether an input is exhausted, and what inputs are asked to be able to do"
    inputs = [[None, 0, number, ""], [number, None, False, [number], []], [number, None]]
    expect_items(student, inputs, "the items by turns, whatever they are", look_at)
    of_all_kinds = [some_items(rng, 3)[0], "".join(rng.sample("abcdefgh", 4)), (number, number), {number: "value"}]
    promise = "the items by turns, from a list, a text, a tuple and a dict"
    expect_items(student, of_all_kinds, promise, look_at)
    expect_items(student, of_all_kinds, f"{promise}, and some of them only their iterators", look_at, once=[1, 2])


@concurrency(depends_on="test_one_item_of_each_by_turns")
def test_inputs_are_asked_in_their_turn(student, rng):
    """An input is asked when it is its turn, and only then."""
    look_at = "what is taken before it is asked for, and whether who is exhausted is asked again"
    for lengths in ((3, 3), (3, 1, 2), (1, 0, 4), (200, 200)):
        inputs = some_items(rng, *lengths)
        right = list(turns(inputs))[:12]
        calls = Dialogue({str(place): items for place, items in enumerate(inputs)})
        seen = student.run("who_is_asked", inputs=len(inputs), times=len(right), calls=calls)
        those = f"inputs of {', '.join(map(str, lengths))} items"
        expect_returned(seen, f"a generator, from {those}", "what round_robin returns")
        came = answer(seen.value, (OUTCOME,) * len(right))
        at_the_call, *for_each = [asked_in(part) for part in split_at(events_of(seen), ("caller", "asks"))]
        asks = f"the caller to ask {len(right)} times ({those})"
        assert len(for_each) == len(right), feedback(asks, f"it asked {len(for_each)} times", look_at)
        assert same(at_the_call, []), feedback("the call to ask no input", f"asked: {named(at_the_call)}", look_at)
        expect_outcomes(came, [outcome for _, outcome in right], f"the items by turns, from {those}")
        for number, (asked, (due, _)) in enumerate(zip(for_each, right, strict=True), 1):
            promise = "only the input to be asked whose turn it is and, where that is exhausted, the next one in turn"
            seen_asked = f"asked for answer {number}: {named(asked)}"
            assert same(asked, due), feedback(f"{promise} ({those})", seen_asked, look_at)


@concurrency
def test_close_closes_every_input(student):
    """close() closes every input and is quiet."""
    expect_end(student, "close", 1, [("iterator", 3), ("list", 3), ("iterator", 3), ("shelf", 2)], closed=[0, 2, 3])
    expect_end(student, "close", 6, [("iterator", 1), ("iterator", 3), ("shelf", 3), ("list", 2)], closed=[1, 2])
    expect_end(student, "close", 4, [("iterator", 1), ("shelf", 5)], closed=[1])
    expect_end(student, "close", 2, [("iterator", 2), ("iterator", 2)], closed=[0, 1])


@concurrency
def test_an_exception_closes_every_input(student):
    """An exception closes every input, and comes out."""
    inputs = [("iterator", 3), ("failing", 1), ("shelf", 3), ("list", 2), ("iterator", 2)]
    expect_end(student, "next", 6, inputs, closed=[0, 2, 4], raises="InputError")
    expect_end(student, "next", 0, [("failing", 0), ("iterator", 2)], closed=[1], raises="InputError")
    expect_end(student, "next", 4, [("iterator", 3), ("iterator", 1), ("failing", 1)], closed=[0], raises="InputError")
    inputs = [("iterator", 1), ("list", 3), ("shelf", 3), ("iterator", 2)]
    for times in (1, 5):
        expect_end(student, "throw", times, inputs, closed=[0, 2, 3] if times == 1 else [2, 3], raises="ThrownError")


@concurrency(depends_on="test_close_closes_every_input")
def test_failing_close(student):
    """Where closing one input fails, the others are closed too."""
    for failing in range(3):
        inputs = [("close fails" if place == failing else "iterator", 2) for place in range(3)]
        expect_end(student, "close", 2, inputs, closed=[0, 1, 2], raises="CloseError")


def expect_end(student, ending, times, inputs, *, closed, raises=""):
    """Fails the check unless, ended after so many items, it has closed at least these inputs and raised this."""
    gives = {str(place): [str(place)] * length for place, (_, length) in enumerate(inputs)}
    failing = [str(place) for place, (shape, _) in enumerate(inputs) if shape == "failing"]
    seen = student.run("end", inputs=inputs, times=times, ending=ending, calls=Dialogue(gives, failing))
    occasion = {"next": "an input raises", "close": "close()", "throw": "throw()"}[ending]
    fails = ", and closing one of the inputs raises" if ending == "close" and raises else ""
    where = f"{occasion} after {times} items{fails}"
    expect_returned(seen, f"a generator that can be ended ({where})", "what round_robin returns")
    given, (how, what), afterwards = answer(seen.value, ((OUTCOME,) * times, OUTCOME, OUTCOME))
    before_the_end, *_ = split_at(events_of(seen), ("caller", "has ended it"))
    were_closed = [event[0] for event in before_the_end if event[1:] == ("close",)]
    items = items_of([[str(place)] * length for place, (_, length) in enumerate(inputs)])
    before = [["gave", item] for item in items[:times]]
    expect_outcomes(given, before, f"the items by turns, before the end ({where})")
    comes_out = how == "raised" and isinstance(what, RemoteException) and what.type_name == raises
    promise = f"the {raises} to come out" if raises else "a quiet end"
    assert comes_out if raises else how == "gave", feedback(f"{promise} ({where})", said(how, what), WAYS_OUT)
    left = [str(place) for place in closed if str(place) not in were_closed]
    assert not left, feedback(
        f"every input to be closed that can be and has not ended by itself: {len(closed)} of {len(inputs)} ({where})",
        f"not closed: {named(left)}, {how_far(given, left)}",
        look_at=WAYS_OUT,
    )
    promise = f"nothing more to come, only StopIteration ({where})"
    assert same(afterwards, ["ended", None]), feedback(promise, said(*afterwards), WAYS_OUT)


def expect_outcomes(came, right, promise):
    """Fails the check unless each `next` was answered so."""
    for number, (outcome, due) in enumerate(zip(came, right, strict=True), 1):
        assert same(outcome, due), feedback(promise, f"answer {number}: {said(*outcome)}", WHOSE_TURN)


def asked_in(events):
    """The names of the inputs that were asked; of what is no event of an input, what it is."""
    return [event[0] for event in events if event[1:] == ("next",)]


def named(places):
    return ", ".join(INPUTS[place] for place in places if type(place) is str and place in INPUTS) or "no input"


def how_far(given, places):
    begun = [place for place in places if ["gave", place] in given]
    if len(begun) == len(places):
        return "which had given items before"
    return "some of which had had a turn before" if begun else "which had not had a turn yet"


def said(how, what):
    if how == "raised":
        return f"{shown(what)} was raised"
    return "StopIteration was raised" if how == "ended" else f"it gave {shown(what)}"
