"""What `pairwise_distance` promises.

Few distances are compared with `math.dist` of each pair. Many are of points that the sandbox makes by a formula, so
that the judge knows any of them, and looks at some. What a loop costs is seen twice: by the steps of Python, which are
counted, and by processor time against a loop, as the kernel counts it. It counts the memory, too.
"""

import math
import struct

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

RESULT = (str, [int], bytes)  # type, shape, content
NEAR = 1e-12  # of a distance: how far from the exact one it may be
KINDS = {  # with the numbers that are drawn
    **dict.fromkeys(("float64", "int64", "int16"), (-(2**15), 2**15 - 1)),
    **{
        "float32": (-(2**24), 2**24 - 1),
        "float16": (-(2**11), 2**11 - 1),
        "int8": (-128, 127),
        "uint8": (0, 255),
        "uint16": (0, 2**16 - 1),
        "bool": (0, 1),
    },
}
LAYOUTS = (
    "plain",
    "read-only",
    "in Fortran's order",
    "a view of every other row and column",
    "a view from the last row to the first",
    "of the other byte order",
)
COUNTED, STEP_FOR = ((20_000, 8, 3), (8, 20_000, 3), (400, 300, 10)), 100  # shapes, and pairs for each step of Python
LOOPED, FASTER, ROUNDS = (250, 240, 8), 5, 4
HELD = ((2_000, 1_500, 8), (3, 30_000, 40), (30_000, 3, 40))
SCRATCH, SPARE_MB = 1 << 20, 6
# So all sums are exact, but for those of `test_points_that_nearly_meet`, where it is judged how exact a distance is.
QUARTERS = st.integers(-400, 400).map(lambda number: number / 4)


def plans(numbers, most=6):
    """Of two sets of points."""
    sizes = st.tuples(st.integers(0, most), st.integers(0, most), st.integers(0, 4))
    return sizes.flatmap(
        lambda size: st.fixed_dictionaries(
            {"left": side(numbers, size[0], size[2]), "right": side(numbers, size[1], size[2]), "d": st.just(size[2])}
        )
    )


def side(numbers, n, d):
    return st.lists(st.lists(numbers, min_size=d, max_size=d), min_size=n, max_size=n)


@correctness
def test_all_distances(student, rng):
    """The distance of each point of the one side from each of the other."""
    sizes = ((1, 1, 1), (2, 5, 3), (5, 2, 3), (3, 3, 2), (4, 1, 2), (1, 4, 2), (0, 3, 2), (3, 0, 2), (2, 3, 0))
    first = points(rng, sizes)
    first += [{"left": both["left"], "right": both["left"], "d": both["d"]} for both in first[3:5]]
    for_all(student, rng, plans(QUARTERS), lambda plan: expect_right(student, plan), first=first)
    n, m, d = rng.randrange(60, 90), rng.randrange(90, 120), rng.randrange(60, 80)
    small_blocks = {"shapes": [[n, d], [m, d]], "scratch": SCRATCH}
    expect_many(student, rng, small_blocks)


@correctness(depends_on="test_all_distances")
def test_points_that_nearly_meet(student, rng):
    """Distances are exact, however near the points are, and however far from the origin."""
    near = st.fixed_dictionaries(
        {
            "far": st.integers(-3, 12),
            "near": st.integers(-8, 2),
            "places": st.lists(st.tuples(*[st.floats(-1, 1, allow_subnormal=False)] * 3), min_size=2, max_size=6),
            "clusters": st.integers(1, 2),
        }
    )

    def holds(plan):
        around = [[10.0 ** plan["far"] * (1 + k)] * 3 for k in range(plan["clusters"])]
        moved = [
            [centre + 10.0 ** plan["near"] * round(one, 6) for centre, one in zip(centres, place, strict=True)]
            for centres in around
            for place in plan["places"]
        ]
        expect_right(student, {"left": moved, "right": moved[::-1], "d": 3})
        expect_right(student, {"left": moved, "right": moved, "d": 3, "itself": True})

    usual = {"places": [tuple(rng.uniform(-1, 1) for _ in range(3)) for _ in range(4)]}
    cases = ((8, -3, 1), (8, -3, 2), (0, -8, 1), (10, 0, 2), (3, -4, 2))
    first = [usual | {"far": far, "near": near, "clusters": clusters} for far, near, clusters in cases]
    for_all(student, rng, near, holds, first=first)


@correctness(depends_on="test_all_distances")
def test_any_type_and_layout(student, rng):
    """Points of any type, in any place in memory; they stay as they are, and the result is a new array."""
    drawn = st.sampled_from(sorted(KINDS)).flatmap(
        lambda kind: st.tuples(
            plans(st.integers(*KINDS[kind]).map(float), most=4), st.just(kind), st.sampled_from(LAYOUTS)
        )
    )

    def holds(plan):
        both, kind, layout = plan
        expect_right(student, both | {"kind": kind, "layout": layout})

    extremes = [
        (
            {"left": [[float(low)] * 2, [0.0, 1.0]], "right": [[float(high)] * 2, [1.0, float(high)]], "d": 2},
            kind,
            "plain",
        )
        for kind, (low, high) in KINDS.items()
    ]
    usual = points(rng, ((3, 4, 2),))
    first = [*extremes, *((both, "float64", layout) for both in usual for layout in LAYOUTS)]
    for_all(student, rng, drawn, holds, examples=20, first=first)


@correctness
def test_arguments(student, rng):
    """Arrays of other shapes."""
    d = rng.randrange(2, 5)
    wrong = (
        [[3, d], [4, d + 1]],
        [[d], [3, d]],
        [[3, d], [d]],
        [[2, 3, d], [3, d]],
        [[0, d], [3, d + 1]],
        [[3, 1], [4, d]],
    )
    for shapes in wrong:
        seen = student.run("refused", shapes=shapes)
        expect_raised(seen, "ValueError", f"a ValueError for arrays of the shapes {shapes[0]} and {shapes[1]}")


@speedup(depends_on="test_all_distances")
def test_no_loop_over_points(student, rng):
    """No loop of Python goes over the points."""
    for n, m, d in COUNTED:
        plan = many(rng, [[n, d], [m, d]])
        seen = student.run("steps", watch_callers=True, **plan)
        expect_returned(seen, f"{n:,} × {m:,} distances")
        number, *told = answer(seen.value, (int, *RESULT))
        expect_some(told, plan)
        most = n * m // STEP_FOR
        assert number <= most, feedback(
            f"at most {most:,} lines of Python run, one for every {STEP_FOR} distances, for {n:,} × {m:,} points",
            f"{number:,}",
            look_at="what is done once for each point, and by whom",
        )
        expect_one_thread(seen, "all distances computed in the thread that calls")


@speedup(depends_on="test_no_loop_over_points")
def test_faster_than_a_loop(student, stub, rng):
    """Cheaper than a plain loop over all pairs."""
    n, m, d = LOOPED
    costs = Costs()
    for _ in range(ROUNDS):
        plan = many(rng, [[n, d], [m, d]])
        costs.of(stub, "cost_of_loop", ("", "loop"), **plan)
        seen = costs.of(student, "costs", ("", "yours"), **plan)
        expect_returned(seen, f"{n:,} × {m:,} distances")
        expect_some(seen.value, plan)
        if costs.times("loop", "yours") >= FASTER:
            break
    times = costs.times("loop", "yours")
    assert times >= FASTER, feedback(
        f"a speedup of at least {FASTER} over a plain loop, for {n:,} × {m:,} points",
        f"{times:.2f}",
        look_at="where numbers become objects of Python's",
        CPU_seconds_of_the_loop=costs.least["loop"],
        CPU_seconds_of_yours=costs.least["yours"],
    )


@speedup(depends_on="test_all_distances")
def test_memory(student, rng):
    """No more memory than was allowed."""
    for n, m, d in HELD:
        student.start_afresh()  # the most that a process ever had is what is told
        shapes = [[n, d], [m, d]]
        seen = expect_many(student, rng, {"shapes": shapes, "scratch": SCRATCH})
        own = 8 * (n * d + m * d + n * m)
        most = (own + SCRATCH) / 2**20
        assert seen.memory_growth_mb <= most + SPARE_MB, feedback(
            f"at most {SCRATCH:,} bytes in use besides the points and the result, all together {most:.0f} MiB, for "
            f"{n:,} × {m:,} points with {d} coordinates",
            f"{seen.memory_growth_mb:.0f} MiB",
            look_at="how large a block may be, and how many arrays of its size there are at once",
        )


def points(rng, sizes):
    """Plans of such sizes: no coordinate is 0, no two are the same."""
    found = []
    for n, m, d in sizes:
        numbers = iter(rng.sample(range(1, 400), (n + m) * d))
        left, right = ([[rng.choice((-1, 1)) * next(numbers) / 4 for _ in range(d)] for _ in range(k)] for k in (n, m))
        found.append({"left": left, "right": right, "d": d})
    return found


def expect_right(student, plan):
    """Fails the check unless all distances are right; and new, where a layout is drawn."""
    left, right, d = plan["left"], plan["right"], plan["d"]
    shapes = [[len(left), d], [len(right), d]]
    contents = [struct.pack(f"{len(side) * d}d", *(x for point in side for x in point)) for side in (left, right)]
    how = {name: plan[name] for name in ("kind", "layout") if name in plan}
    if plan.get("itself"):
        seen = student.run("from_itself", content=contents[0], shape=shapes[0])
    else:
        seen = student.run("computed", contents=contents, shapes=shapes, **how)
    of = f"the distances of {len(left)} points from {len(right)}, with {d} coordinates{in_words(plan)}"
    expect_returned(seen, of)
    *result, alone, unchanged = answer(seen.value, (*RESULT, bool, bool))
    pairs = [(i, j) for i in range(len(left)) for j in range(len(right))]
    expect_distances(result, shapes, pairs, [math.dist(left[i], right[j]) for i, j in pairs], of)
    if "layout" in plan:
        assert alone, feedback(f"{of}: a new array", "memory of the points")
        assert unchanged, feedback(
            f"{of}: the points stay as they are", "some have changed", "where results are written"
        )


def in_words(plan):
    kind, layout = plan.get("kind", "float64"), plan.get("layout", "plain")
    words = (f" of {kind}" if kind != "float64" else "") + (f", {layout}" if layout != "plain" else "")
    return words + (", left and right the same array" if plan.get("itself") else "")


def expect_distances(told, shapes, pairs, exact, of):
    """Fails the check unless these elements of the result are right."""
    kind, shape, content = told
    expect(kind, "float64", f"{of}: an array of float64")
    expect(shape, [shapes[0][0], shapes[1][0]], f"{of}: a row for each point of left, a column for each of right")
    expect(len(content), 8 * len(pairs), f"{of}: all of them")
    for (i, j), result, distance in zip(pairs, struct.unpack(f"{len(pairs)}d", content), exact, strict=True):
        assert abs(result - distance) <= NEAR * distance, feedback(
            f"{of}, each exact to {NEAR:g} of itself",
            f"{result!r} at ({i}, {j}){aside(result, distance)}",
            look_at="what is rounded before it is subtracted, and which block an element belongs to",
        )


def aside(result, exact):
    if exact == 0:
        return " for points that are equal"
    return f", wrong by {abs(result - exact) / exact:.0e} of it" if math.isfinite(result) else ""


# ---------------------------------------------------------------------- many points


def many(rng, shapes):
    """A plan: the points' keys, and which pairs are looked at."""
    n, m = shapes[0][0], shapes[1][0]
    corners = [[i, j] for i in (0, n // 2, n - 1) for j in (0, m // 2, m - 1)]
    others = [[rng.randrange(n), rng.randrange(m)] for _ in range(40)]
    return {"shapes": shapes, "keys": [rng.getrandbits(32), rng.getrandbits(32)], "pairs": corners + others}


def made(key, d, row):
    """The coordinates of one point, as the scenario makes them."""
    numbers = np.arange(row * d, (row + 1) * d, dtype=np.uint64) * np.uint64(2_654_435_761) + np.uint64(key)
    return ((numbers & np.uint64(0xFFFFFFFF)).astype(np.float64) * 2.0**-32).tolist()


def expect_some(told, plan):
    shapes, (left, right), d = plan["shapes"], plan["keys"], plan["shapes"][0][1]
    exact = [math.dist(made(left, d, i), made(right, d, j)) for i, j in plan["pairs"]]
    of = f"the distances of {shapes[0][0]:,} points from {shapes[1][0]:,}, with {d} coordinates"
    expect_distances(answer(told, RESULT), shapes, plan["pairs"], exact, of)


def expect_many(student, rng, plan):
    how = many(rng, plan["shapes"])
    seen = student.run("of_many", scratch=plan["scratch"], **how)
    expect_returned(seen, "the distances of many points")
    expect_some(seen.value, how)
    return seen
