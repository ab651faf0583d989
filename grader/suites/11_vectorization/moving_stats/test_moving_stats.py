"""What `moving_mean` and `moving_max` promise.

Results of short arrays are compared with what comes of each window by itself, added up exactly. Long arrays are made in
the sandbox by a formula, so that the judge knows any window of theirs. What a loop costs is seen twice: by the steps of
Python, which are counted, and by processor time, as the kernel counts it: against another window, or against a loop.
"""

import math
import struct
from functools import partial
from itertools import product

import numpy as np
from hypothesis import strategies as st

from grader.evidence import (
    Costs,
    answer,
    correctness,
    expect,
    expect_one_thread,
    expect_raised,
    expect_returned,
    feedback,
    speedup,
)
from grader.evidence.drawn import for_all

MEAN, MAX = "moving_mean", "moving_max"
BOTH = (MEAN, MAX)
NAN, INFINITY = math.nan, math.inf
RESULT = (str, [int], bytes)  # type, shape, content
NEAR = 1e-10  # of the mean size of a window's values: how far its mean may be from the exact one
KINDS = {  # with the numbers that are drawn
    **dict.fromkeys(("float32", "float64", "int64", "int16"), (-(2**15), 2**15 - 1)),
    **{"float16": (-2048, 2048), "int8": (-128, 127), "uint8": (0, 255), "uint16": (0, 2**16 - 1), "bool": (0, 1)},
}
LAYOUTS = (
    "plain",
    "read-only",
    "a view of every third value",
    "a view from right to left",
    "of the other byte order",
)
MANY, LEVELS = 10_000_000, (1e6, 1e-3)  # values, and the size of those in the first half and in the second one
COUNTED, STEP_FOR = 100_000, 100  # values, and for how many of them there may be a step of Python
LONG, SHORT_WINDOW, LONG_WINDOW, GROWTH = 200_000, 64, 32_768, 8
HELD, BYTES_EACH = 250_000, 100  # values, and how much memory there may be for each
SPARE_MB = 10
FASTER = 1.5
ROUNDS = 4
# So all sums are exact, but for those of `test_nothing_from_outside`, where it is judged how exact a mean is.
QUARTERS = st.one_of(st.integers(-4_000, 4_000), st.integers(-36, 36)).map(lambda number: number / 4)
PLANS = st.fixed_dictionaries({"values": st.lists(QUARTERS, max_size=40), "window": st.integers(1, 14)})


@correctness
def test_mean_of_every_window(student, rng):
    """The mean of each window, in order."""
    for_all(student, rng, PLANS, partial(expect_right, student, MEAN), first=shapes(rng))


@correctness
def test_maximum_of_every_window(student, rng):
    """The largest value of each window, in order."""
    below_zero = {"values": [-abs(value) for value in quarters(rng, 7)], "window": 3}
    for_all(student, rng, PLANS, partial(expect_right, student, MAX), first=[*shapes(rng), below_zero])


@correctness(depends_on="test_mean_of_every_window")
def test_nan_and_infinity(student, rng):
    """NaN and infinities count in the windows that they are in, and nowhere else."""
    special = st.sampled_from((NAN, INFINITY, -INFINITY))
    plans = st.fixed_dictionaries(
        {
            "values": st.lists(QUARTERS, min_size=6, max_size=40),
            "window": st.integers(1, 8),
            "special": st.lists(st.tuples(st.integers(0, 39), special), min_size=1, max_size=4),
        }
    )

    def holds(plan):
        values = [*plan["values"]]
        for place, value in plan["special"]:
            values[place % len(values)] = value
        for what in BOTH:
            expect_right(student, what, {"values": values, "window": plan["window"]})

    alone = [[(rng.randrange(3, 9), value)] for value in (NAN, INFINITY, -INFINITY)]
    together = [(5, INFINITY), (7, -INFINITY)]
    usual = {"values": quarters(rng, 14), "window": 3}
    for_all(student, rng, plans, holds, first=[usual | {"special": one} for one in [*alone, together]])


@correctness(depends_on="test_mean_of_every_window")
def test_nothing_from_outside(student, rng):
    """A window's mean is as exact as if there were no other values."""
    plans = st.fixed_dictionaries(
        {
            "values": st.lists(QUARTERS, min_size=6, max_size=30),
            "window": st.integers(1, 6),
            "place": st.integers(0, 29),
            "exponent": st.integers(10, 299),
        }
    )

    def holds(plan):
        values = [*plan["values"]]
        values[plan["place"] % len(values)] = 10.0 ** plan["exponent"]
        expect_right(student, MEAN, {"values": values, "window": plan["window"]})

    usual = {"values": [rng.uniform(1, 9) for _ in range(20)], "window": 4}
    first = [usual | {"place": place, "exponent": exponent} for place, exponent in ((0, 17), (9, 299))]
    for_all(student, rng, plans, holds, first=first)
    plan = many(rng, MANY, rng.randrange(500, 1_500), LEVELS)
    seen = student.run("of_many", what=MEAN, **plan)
    expect_returned(seen, f"{MEAN} of {MANY:,} values")
    expect_some(seen.value, MEAN, plan)


@correctness(depends_on="test_maximum_of_every_window")
def test_any_type_and_layout(student, rng):
    """Values of any type, in any place in memory; they stay as they are, and the result is a new array."""
    plans = st.sampled_from(sorted(KINDS)).flatmap(
        lambda kind: st.fixed_dictionaries(
            {
                "values": st.lists(st.integers(*KINDS[kind]).map(float), max_size=30),
                "window": st.integers(1, 9),
                "kind": st.just(kind),
                "layout": st.sampled_from(LAYOUTS),
            }
        )
    )

    def holds(plan):
        for what in BOTH:
            expect_right(student, what, plan)

    first = [
        {"values": [float(KINDS[kind][rng.random() < 0.5]) for _ in range(12)], "window": 4, "kind": kind}
        for kind in KINDS
    ]
    of_one = quarters(rng, 9)
    first += [{"values": of_one, "window": window, "layout": layout} for layout in LAYOUTS for window in (1, 4)]
    plain = {"kind": "float64", "layout": "plain"}
    for_all(student, rng, plans, holds, examples=20, first=[plain | plan for plan in first])


@correctness
def test_arguments(student, rng):
    """Windows that are too long, too short, and values of other shapes."""
    for what in BOTH:
        for length, window in ((0, 1), (3, 4), (3, rng.randrange(5, 99)), (0, 10**15)):
            expect_right(student, what, {"values": quarters(rng, length), "window": window})
        for shape, window in (([5], 0), ([5], -rng.randrange(1, 9)), ([0], 0), ([4, 5], 2), ([0, 3], 2), ([], 1)):
            seen = student.run("refused", what=what, shape=shape, window=window)
            expect_raised(seen, "ValueError", f"a ValueError of {what} for an array of shape {shape}, window {window}")


@speedup(depends_on="test_maximum_of_every_window")
def test_no_loop_over_values(student, rng):
    """No loop of Python goes over the values, nor over the places in a window."""
    most = COUNTED // STEP_FOR
    for what in BOTH:
        for window in (rng.randrange(3, 6), rng.randrange(200, 400), rng.randrange(4_000, 6_000)):
            plan = many(rng, COUNTED, window)
            seen = student.run("steps", what=what, watch_callers=True, **plan)
            expect_returned(seen, f"{what} of {COUNTED:,} values")
            number, *told = answer(seen.value, (int, *RESULT))
            expect_some(told, what, plan)
            assert number <= most, feedback(
                f"at most {most:,} lines of Python run, one for every {STEP_FOR} values, in {what} of {COUNTED:,}, "
                f"window {window:,}",
                f"{number:,}",
                look_at="what is called once for each value, or for each place in a window, and by whom",
            )
            expect_one_thread(seen, f"{what} computes in the thread that calls it")


@speedup(depends_on="test_no_loop_over_values")
def test_cost_does_not_grow_with_the_window(student, rng):
    """A long window costs hardly more than a short one."""
    for what in BOTH:
        costs = Costs()
        for _ in range(ROUNDS):
            expect_costs(student, rng, costs, what, SHORT_WINDOW, LONG_WINDOW)
            if costs.times(str(LONG_WINDOW), str(SHORT_WINDOW)) <= GROWTH:
                break
        times = costs.times(str(LONG_WINDOW), str(SHORT_WINDOW))
        assert times <= GROWTH, feedback(
            f"at most {GROWTH} times the processor time for a window of {LONG_WINDOW:,} that a window of "
            f"{SHORT_WINDOW} takes, in {what} of {LONG:,} values",
            f"{times:.1f} times",
            look_at="how often each value is looked at",
            CPU_seconds_of_the_long_window=costs.least[str(LONG_WINDOW)],
            CPU_seconds_of_the_short_window=costs.least[str(SHORT_WINDOW)],
        )


@speedup(depends_on="test_no_loop_over_values")
def test_memory(student, rng):
    """Memory does not grow with the window."""
    for what in BOTH:
        plan = many(rng, HELD, rng.randrange(110, 140))
        seen = student.run("of_many", what=what, **plan)
        expect_returned(seen, f"{what} of {HELD:,} values")
        expect_some(seen.value, what, plan)
        most = HELD * BYTES_EACH / 2**20
        assert seen.memory_growth_mb <= most + SPARE_MB, feedback(
            f"at most {BYTES_EACH} bytes for each value, all together: {most:.0f} MiB in {what} of {HELD:,} values, "
            f"window {plan['window']}",
            f"{seen.memory_growth_mb:.0f} MiB",
            look_at="which arrays have a row for each window",
        )


@speedup(depends_on="test_no_loop_over_values")
def test_faster_than_a_loop(student, stub, rng):
    """Cheaper than a plain loop that takes one step for each value."""
    for what, window in product(BOTH, (SHORT_WINDOW, LONG_WINDOW)):
        costs, name = Costs(), str(window)
        for _ in range(ROUNDS):
            loop = {"what": what, "n": LONG, "window": window, "key": rng.getrandbits(32)}
            costs.of(stub, "cost_of_loop", ("", "loop"), **loop)
            expect_costs(student, rng, costs, what, window)
            if costs.times("loop", name) >= FASTER:
                break
        times = costs.times("loop", name)
        assert times >= FASTER, feedback(
            f"a speedup of at least {FASTER} over a plain loop, in {what} of {LONG:,} values, window {window:,}",
            f"{times:.2f}",
            look_at="how often each value is looked at, and where values become objects of Python's",
            CPU_seconds_of_the_loop=costs.least["loop"],
            CPU_seconds_of_yours=costs.least[name],
        )


def quarters(rng, number):
    """None of them is 0."""
    return [rng.choice((-1, 1)) * rng.randrange(1, 37) / 4 for _ in range(number)]


def shapes(rng):
    """Arrays that are as long as some windows, one less and one more."""
    window = rng.randrange(3, 6)
    lengths = (window - 1, window, window + 1, 2 * window - 1, 2 * window, 3 * window + 1, 4 * window)
    plans = [{"values": quarters(rng, length), "window": window} for length in lengths]
    return [*plans, *(plans[-2] | {"window": other} for other in (1, 2, 7, 8))]


def expect_right(student, what, plan):
    """Fails the check unless the result is that of each window by itself; and new, where a layout is drawn."""
    values, window = plan["values"], plan["window"]
    how = {name: plan[name] for name in ("kind", "layout") if name in plan}
    seen = student.run("computed", what=what, content=struct.pack(f"{len(values)}d", *values), window=window, **how)
    of = f"{what} of {len(values)} values{in_words(plan)}, window {window}"
    expect_returned(seen, of)
    *result, alone, unchanged = answer(seen.value, (*RESULT, bool, bool))
    windows = [values[start : start + window] for start in range(len(values) - window + 1)]
    expect_results(result, windows, range(len(windows)), what, of)
    if "layout" not in plan:
        return
    assert alone, feedback(f"{of}: a new array", "memory of the values that were given", "what a window of 1 needs")
    assert unchanged, feedback(f"{of}: the values stay as they are", "some have changed", "where results are written")


def in_words(plan):
    kind, layout = plan.get("kind", "float64"), plan.get("layout", "plain")
    return (f" of {kind}" if kind != "float64" else "") + (f", {layout}" if layout != "plain" else "")


def expect_results(told, windows, starts, what, of, number=None):
    """Fails the check unless these windows, which start there, have such results; `number`: of all there are."""
    kind, shape, content = told
    expect(kind, "float64", f"{of}: an array of float64")
    expect(shape, [len(windows) if number is None else number], f"{of}: a result for each window")
    expect(len(content), 8 * len(windows), f"{of}: a result for each window")
    results = struct.unpack(f"{len(windows)}d", content)
    for start, window, result in zip(starts, windows, results, strict=True):
        is_right, exact = (is_mean if what == MEAN else is_largest)(result, window)
        assert is_right, feedback(
            f"{of}: the {'mean' if what == MEAN else 'largest'} of each",
            f"{result!r} for the window that starts at {start}{aside(window, exact)}",
            look_at="which values that window has, and what else has come into its result",
        )


def aside(window, exact):
    """What helps to see the mistake, where it is not obvious."""
    special = [value for value in window if not math.isfinite(value)]
    if special:
        return f", which has {', '.join(map(str, special[:3]))} in it"
    return ", all of whose values are finite" if math.isfinite(exact) else ""


def is_mean(result, window):
    """And the exact mean."""
    if not all(map(math.isfinite, window)):
        exact = sum(value for value in window if not math.isfinite(value))
        return is_same(result, exact), exact
    exact = math.fsum(window) / len(window)
    return abs(result - exact) <= NEAR * math.fsum(map(abs, window)) / len(window), exact


def is_largest(result, window):
    exact = NAN if any(map(math.isnan, window)) else max(window)
    return is_same(result, exact), exact


def is_same(result, exact):
    return result == exact or (math.isnan(result) and math.isnan(exact))


# ---------------------------------------------------------------------- long arrays


def many(rng, n, window, levels=(1.0, 1.0)):
    """A plan: which values, and which windows are looked at."""
    last, half = n - window, n // 2
    starts = [0, 1, window, half - window // 2, half - 1, half, half + 1, last - 1, last]
    starts += [rng.randrange(half, last) for _ in range(8)] if last > half else []
    return {"n": n, "window": window, "key": rng.getrandbits(32), "levels": levels, "starts": sorted({*starts})}


def made(plan, start):
    """The values of the window that starts there, as the scenario makes them."""
    n, key, end = plan["n"], plan["key"], start + plan["window"]
    numbers = np.arange(start, end, dtype=np.uint64) * np.uint64(2_654_435_761) + np.uint64(key)
    values = (numbers & np.uint64(0xFFFFFFFF)).astype(np.float64) * 2.0**-32 + 0.5
    half = max(0, n // 2 - start)
    values[:half] *= plan["levels"][0]
    values[half:] *= plan["levels"][1]
    return values.tolist()


def expect_some(told, what, plan):
    told, n, window = answer(told, RESULT), plan["n"], plan["window"]
    windows = [made(plan, start) for start in plan["starts"]]
    of = f"{what} of {n:,} values, window {window:,}"
    expect_results(told, windows, plan["starts"], what, of, number=n - window + 1)


def expect_costs(student, rng, costs, what, *windows):
    """One round: what each window costs, over values of its own."""
    plans = [many(rng, LONG, window) for window in windows]
    starts = sorted({start for plan in plans for start in plan["starts"] if start + max(windows) <= LONG})
    keys = [plan["key"] for plan in plans]
    stretches = [stretch for window in windows for stretch in ("", str(window))]
    how = {"what": what, "n": LONG, "windows": windows, "keys": keys, "starts": starts}
    seen = costs.of(student, "costs", stretches, **how)
    expect_returned(seen, f"{what} of {LONG:,} values")
    for told, plan in zip(answer(seen.value, len(windows)), plans, strict=True):
        expect_some(told, what, plan | {"starts": starts})
