"""What `sliding_window` promises: which windows there are, and how many items are taken for each."""

from itertools import accumulate

from hypothesis import strategies as st

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
from grader.evidence.adversaries import each_value, in_words, iterables, values
from grader.evidence.drawn import for_all

MANY_TAKEN = 1000  # a stand-in for an endless input; windows that wait for its end are seen to do so
# What the kernel's count may be off by is well below; a list of so many floats takes 6.4 MiB.
MANY_TO_KEEP, GROWTH_ALLOWED_MB = 200_000, 3.0
SOURCES = ["list", "tuple", "iterator", "generator", "dict"]
NUMBER = st.integers(1, 10**6)
TOO_MANY = 5  # windows more than there should be: enough to see that it does not end


def windows_of(items, n):
    return [tuple(items[start : start + n]) for start in range(len(items) - n + 1)]


def plans(source, items, n):
    return st.fixed_dictionaries({"source": source, "items": items, "n": n})


def with_windows(plan):
    """The same with a window that the input has room for; short inputs are another promise."""
    return {**plan, "n": min(plan["n"], len(plan["items"]))}


def expect_windows(student, scenario, right, promise, look_at, **inputs):
    """Fails the check unless exactly the right windows are given."""
    seen = student.run(scenario, at_most=len(right) + TOO_MANY, **inputs)
    expect_returned(seen, promise, look_at)
    expect(seen.value, right, promise, look_at)


@correctness
def test_every_run_of_n_is_a_window(student, rng):
    """Every run of n neighbors is a window."""

    def holds(plan):
        n, items, source = plan["n"], plan["items"], in_words("iterable", plan["source"])
        promise = f"each run of {n} neighbors as a tuple of {n}, from {source} of {len(items)} items"
        look_at = "what of the last window the next one begins with, and when a window is complete"
        expect_windows(student, "windows", windows_of(items, n), promise, look_at, **plan)

    of_each = [{"source": source, "items": rng.sample(range(1, 10**6), 6), "n": 3} for source in SOURCES]
    numbers = st.lists(NUMBER, min_size=1, max_size=10, unique=True)
    drawn = plans(iterables("dict"), numbers, st.integers(1, 5)).map(with_windows)
    for_all(student, rng, drawn, holds, examples=8, first=of_each)


@correctness
def test_short_input_gives_nothing(student, rng):
    """An input shorter than the window gives nothing."""

    def holds(plan):
        items, missing = plan["items"], plan["n"]
        promise = f"no window of {len(items) + missing} from an input of {len(items)}, and a quiet end"
        look_at = "what is done when the input ends before the first window is complete"
        inputs = {"source": plan["source"], "items": items, "n": len(items) + missing}
        expect_windows(student, "windows", [], promise, look_at, **inputs)

    some = rng.sample(range(1, 10**6), 3)
    one_missing = [{"source": "iterator", "items": items, "n": 1} for items in (some, [])]
    numbers = st.lists(NUMBER, max_size=4, unique=True)
    drawn = plans(iterables("dict"), numbers, st.integers(1, 3))
    for_all(student, rng, drawn, holds, examples=4, first=one_missing)


@correctness(depends_on="test_every_run_of_n_is_a_window")
def test_any_item_and_any_input(student, rng):
    """Anything can be an item, and any iterable the input."""
    text = "".join(rng.sample("abcdefgh", 6))
    promise, look_at = "each run of neighbors as a window, from a text", "what the input is asked to be able to do"
    expect_windows(student, "windows_of_text", windows_of(text, 3), promise, look_at, text=text, n=3)

    def holds(plan):
        right = [[True, *window] for window in windows_of(plan["items"], plan["n"])]
        kinds = ", ".join(dict.fromkeys(in_words("value", kind) for kind, _ in plan["items"]))
        promise = f"each run of {plan['n']} neighbors as a tuple, whatever the items are; here: {kinds}"
        look_at = "what items are compared with, or asked whether they are true"
        expect_windows(student, "windows_of_anything", right, promise, look_at, **plan)

    among_others = [{"source": "iterator", "items": [one, ("plain", 0), one, one], "n": 2} for one in each_value()]
    anything = st.lists(values(), min_size=1, max_size=6)
    drawn = plans(iterables(), anything, st.integers(1, 3)).map(with_windows)
    for_all(student, rng, drawn, holds, examples=8, first=among_others)


@correctness
def test_n_below_1_raises(student, rng):
    """n < 1 raises ValueError before anything is taken."""
    promise = "a ValueError, at the call or when the first window is asked for"
    look_at = "when n is looked at"
    for n in (0, -1, -rng.randrange(2, 99)):
        seen = student.run("wrong_n", n=n, calls=Dialogue({"items": rng.sample(range(1, 100), 5)}))
        outcome, what = answer(seen.value, (str, object))
        taken = taken_in(events_of(seen))
        is_value_error = outcome == "raised" and isinstance(what, RemoteException) and what.is_a("ValueError")
        kind = "n = 0" if n == 0 else "a negative n"
        assert is_value_error, feedback(f"{promise} ({kind})", said(outcome, what), look_at)
        expect(taken, 0, f"the number of items that were taken before the ValueError ({kind}) to be 0", look_at)


@concurrency
def test_no_more_is_taken_than_needed(student, rng):
    """No more is taken than each window needs."""
    first = rng.randrange(1, 10**6)
    for n in (4, 2, 1):
        items, times = list(range(first, first + MANY_TAKEN)), 5
        promise = f"0 items taken by the call, {n} by the first window and 1 by each further one (n = {n})"
        look_at = "what runs before the first window is asked for, and what is taken before a window is given"
        seen = student.run("taken_by_each", n=n, times=times, calls=Dialogue({"items": items}))
        expect_returned(seen, promise, look_at)
        expect(seen.value, windows_of(items, n)[:times], f"the first {times} windows (n = {n})", look_at)
        at_the_call, *later = taken = list(accumulate(map(taken_in, split_at(events_of(seen), ("caller", "asks")))))
        words = f"{at_the_call} were taken by the call; after that, in all, {', '.join(map(str, later))}"
        assert same(taken, [0, *range(n, n + times)]), feedback(promise, words, look_at)


@concurrency
def test_exception_of_the_input_comes_out(student, rng):
    """An exception of the input comes out in its place."""
    look_at = "which exceptions are caught, and how far the input has been read when a window is given"
    for length, n in ((7, 3), (2, 3), (4, 1)):
        items = rng.sample(range(1, 10**6), length)
        right = windows_of(items, n)
        calls = Dialogue({"items": items}, failing=["items"])
        seen = student.run("until_it_fails", n=n, at_most=len(right) + TOO_MANY, calls=calls)
        given, outcome, what = answer(seen.value, (object, str, object))
        where = f"an input that raises after {length} items (n = {n})"
        expect(given, right, f"all windows that were complete before, from {where}", look_at)
        comes_out = outcome == "raised" and isinstance(what, RemoteException) and what.type_name == "SensorError"
        promise = f"the input's exception where the next window is asked for, from {where}"
        assert comes_out, feedback(promise, said(outcome, what), look_at)


@concurrency(depends_on="test_every_run_of_n_is_a_window")
def test_memory_stays_constant(student, rng):
    """What is kept does not grow with the input."""
    first, n = rng.uniform(1, 1000), 3
    seen = student.run("last_of_many", first=first, count=MANY_TO_KEEP, n=n)
    expect_returned(seen, f"all windows of {MANY_TO_KEEP:,} items")
    last = tuple(first + place for place in range(MANY_TO_KEEP - n, MANY_TO_KEEP))
    expect(
        seen.value, [MANY_TO_KEEP - n + 1, last], f"the number of windows of {MANY_TO_KEEP:,} items, and the last one"
    )
    assert seen.memory_growth_mb < GROWTH_ALLOWED_MB, feedback(
        f"no more memory in use after {MANY_TO_KEEP:,} items than before the first of them",
        f"{seen.memory_growth_mb:.0f} MiB more",
        look_at="what is kept of the items that have gone by",
    )


@concurrency(depends_on="test_every_run_of_n_is_a_window")
def test_two_by_turns(student, rng):
    """Two of them by turns do not mix."""
    n, times = 3, 5
    inputs = [rng.sample(range(1, 10**6), n + times - 1) for _ in range(2)]
    promise = "the windows of two inputs, taken by turns, to be the same as when taken one input after the other"
    look_at = "where the items of the window are kept, and who else sees them"
    seen = student.run("by_turns", inputs=inputs, n=n, times=times)
    expect_returned(seen, promise, look_at)
    expect(seen.value, [windows_of(items, n) for items in inputs], promise, look_at)


def taken_in(events):
    """How many items were taken."""
    return sum(event == ("items", "next") for event in events)


def said(outcome, what):
    if outcome == "raised":
        return f"{shown(what)} was raised"
    return "it ended without one" if outcome == "ended" else f"it gave a window, {shown(what)}"
