"""What `brighten` promises.

Workers that are forked ask the judge at their birth, and are held until nobody can move; then they are let go one at a
time, in an order that is drawn. Before each of them the picture in shared memory gets another colour: so the result
says which worker has computed each row, from where, and that nobody else has. What has been written to pipes, and what
is left, the kernel says.
"""

import signal
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any
from zlib import crc32

from hypothesis import strategies as st

from grader.evidence import (
    AtOnce,
    Looking,
    NotMeasurableError,
    VirtualTime,
    answer,
    concurrency,
    correctness,
    expect,
    expect_nothing_left,
    expect_raised,
    expect_returned,
    feedback,
)
from grader.evidence.drawn import for_all

LAYOUTS = (
    "read-only",
    "Fortran's order",
    "a view of every other row, from right to left",
    "turned by a transposition",
)
GAINS = st.one_of(
    st.sampled_from([0, 1, 2, 0.5, 1.5, 255.0, 1e300]), st.floats(0, 4), st.integers(3, 300), st.floats(0, 1e308)
)
METHODS = ("fork", "spawn", "forkserver")
BORN = {"born": lambda: None}
HALVES = (0.3, 0.7, 1.1, 1.15, 2.1, 2.3)  # times which a product lies so near to a half that float32 takes it for one
EXITS, SIGNALS = (["exit", 1], ["exit", 3]), (["kill", int(signal.SIGKILL)], ["kill", int(signal.SIGSEGV)])
TOLD = (object, object, object)  # type of the pixels, shape, pixels or their checksum
PIPED = 0.1  # of the image's bytes; right solutions were measured at 0.01
LARGE: dict[str, Any] = {
    "shape": (40, 900, 3),
    "times": 20,
}  # bytes by the million, which are no part of what is sent to the sandbox


def brightened(pixels, gain):
    """By a table: rounded to the nearest, halves to the even one, and limited."""
    return pixels.translate(bytes(round(min(255.0, value * float(gain))) for value in range(256)))


def length_of(shape):
    length = 1
    for size in shape:
        length *= size
    return length


def drawn_shape(rng, height):
    return [height, rng.randrange(2, 9), *rng.choice(([], [3]))]


def pictures(*layouts):
    return st.fixed_dictionaries(
        {
            "height": st.integers(1, 12),
            "width": st.integers(1, 8),
            "colours": st.sampled_from([[], [3]]),
            "gain": GAINS,
            "workers": st.integers(1, 5),
            "layout": st.sampled_from(layouts),
            "seed": st.integers(0, 999),
        }
    )


def expect_equal(student, plan):
    shape, workers, layout = [plan["height"], plan["width"], *plan["colours"]], plan["workers"], plan["layout"]
    pixels = Random(plan["seed"]).randbytes(length_of(shape))
    what = f"the brighter picture, for {shape[0]} rows and {workers} workers"
    what += "" if layout == "plain" else f", of one that is {layout}"
    expect_brightened(student, pixels, what, shape=shape, gain=plan["gain"], workers=workers, layout=layout)


def expect_brightened(student, pixels, what, **how):
    seen = student.run("brightened", pixels=pixels, calls=AtOnce(BORN), **how)
    expect_returned(seen, what)
    told, kept, own = answer(seen.value, (TOLD, bool, bool))
    expect(told[:2], ["uint8", list(how["shape"])], f"{what}: an array of uint8 of the same shape")
    expect(told[2], brightened(pixels, how["gain"]), what, look_at="how a pixel is computed, and which rows are")
    assert own, feedback("an array of its own", "the image itself was returned", look_at="what is returned, and when")
    assert kept, feedback("the image itself as it was", "it has changed", look_at="what the workers write to")
    expect_forked(seen, how)
    return seen


def expect_forked(seen, how):
    """Fails the check unless as many workers were forked as there are to be, by this start method."""
    method, (height, *_) = how.get("method", "fork"), how["shape"]
    number = min(how["workers"], height) if method == "fork" and all(how["shape"]) else 0
    forked = len(seen.calls("born"))
    assert forked == number, feedback(
        f"{number} processes forked for {height} rows and {how['workers']} workers, by {method}",
        f"{forked}",
        look_at="how many workers there are rows for, and who chooses how they start",
    )


@correctness
def test_pixels(student, rng):
    """Every byte is as NumPy has it, whatever the number of workers."""
    workers = rng.randrange(3, 5)
    usual = {"width": 3, "colours": [3], "gain": rng.uniform(0.5, 2), "workers": workers, "seed": 1, "layout": "plain"}
    heights = (workers - 1, workers, workers + 1, 3 * workers - 1)
    first = [usual | {"height": height} for height in heights]
    for_all(student, rng, pictures("plain"), partial(expect_equal, student), examples=5, first=first)
    all_values = bytes(range(256))
    for gain in (rng.choice((0.5, 1.5, 2.5)), rng.choice(HALVES), rng.uniform(0.01, 4), 10.0 ** rng.uniform(17, 300)):
        what = "every value times the gain, rounded to the nearest, then limited"
        expect_brightened(student, all_values, what, shape=[16, 16], gain=gain, workers=2)


@correctness(depends_on="test_pixels")
def test_any_layout(student, rng):
    """Views, other orders, read-only and empty images."""
    usual = {"height": 4, "width": 3, "colours": [3], "gain": rng.uniform(0.5, 2), "workers": 2, "seed": 1}
    first = [usual | {"layout": layout} for layout in LAYOUTS]
    for_all(student, rng, pictures(*LAYOUTS), partial(expect_equal, student), examples=3, first=first)
    for shape in ([0, 4], [5, 0], [0, 3, 3], [2, 0, 3]):
        expect_brightened(student, b"", "an empty picture of the same shape", shape=shape, gain=2.0, workers=3)


@correctness
def test_arguments(student, rng):
    """What is refused, before anything is started."""
    nan, inf = float("nan"), float("inf")
    cases = [("picture", 1.0, workers, "ValueError") for workers in (0, -rng.randrange(1, 9))]
    cases += [("picture", gain, 2, "ValueError") for gain in (-rng.uniform(0.01, 1), nan, inf, -inf)]
    cases += [("empty", 1.5, 0, "ValueError"), ("empty", rng.choice((-1.0, nan, inf)), 2, "ValueError")]
    shapes = ("row", "one channel", "two channels", "four channels", "film", "film of nothing")
    cases += [(image, 1.5, 2, "ValueError") for image in shapes]
    cases += [(image, 1.5, 2, "TypeError") for image in ("list", "floats", "int8")]
    for image, gain, workers, error in cases:
        calls = AtOnce({**BORN, "created": lambda: None})
        seen = student.run("refused", image=image, gain=gain, workers=workers, calls=calls)
        numbers = f"gain={gain:g} and workers={workers}"
        what = {"picture": numbers, "empty": f"{numbers}, and no rows", "row": "an image of one dimension"}
        expect_raised(seen, error, f"a {error} for {what.get(image, f'an image that is no picture: {image}')}")
        for name, things in (("born", "processes started"), ("created", "segments created")):
            number = len(seen.calls(name))
            assert not number, feedback(f"a {error} first, and no {things}", f"{number}", look_at="what comes first")


@correctness(depends_on="test_pixels")
def test_every_start_method(student, stub, rng):
    """Works by fork, spawn and forkserver."""
    if not found_afresh(stub):
        raise NotMeasurableError("Here interpreters that are started in the sandbox do not find NumPy.")
    for method in METHODS:
        shape = drawn_shape(rng, rng.randrange(3, 7))
        how = {"shape": shape, "gain": rng.uniform(0.5, 2), "workers": 2, "method": method}
        expect_brightened(student, rng.randbytes(length_of(shape)), f"the brighter picture, by {method}", **how)


@concurrency(depends_on="test_pixels")
def test_workers_compute_the_rows(student, rng):
    """Each row is computed by one worker, from shared memory, and all have fair shares."""
    workers = rng.randrange(3, 5)
    order = rng.sample(range(workers), workers)
    for turn in range(workers):  # each of them is the last once: nobody comes behind it and hides what it has done
        shares = shares_of(student, rng, 2 * workers, workers, order[turn:] + order[:turn])
        assert set(shares) == {2}, feedback(
            f"2 rows computed by each of {workers} workers, none by two of them",
            f"from {min(shares)} to {max(shares)} rows of the result",
            look_at="the first and the last row of every share, and when rows are dealt out",
        )
    for height in (workers + 1, 3 * workers - 1):
        shares = shares_of(student, rng, height, workers, order)
        assert max(shares) - min(shares) <= 1, feedback(
            f"shares of {height} rows for {workers} workers that differ by at most one row",
            f"from {min(shares)} to {max(shares)} rows",
            look_at="how many rows each worker gets",
        )
    for height, most in ((2, workers), (1, 2), (2, 1)):
        shares_of(student, rng, height, most, range(2))
    expect_row_by_row(student, rng)


@concurrency(depends_on="test_pixels")
def test_no_pixels_through_pipes(student, stub, rng):
    """No pixels go through pipes, sockets or files."""
    for method in ("fork", rng.choice(METHODS[1:] if found_afresh(stub) else METHODS[:1])):
        growth = large_run(student, rng, method)
        size = length_of(LARGE["shape"]) * LARGE["times"]
        assert growth.written_bytes < PIPED * size, feedback(
            f"less than {PIPED:.0%} of the image's {size:,} bytes written to pipes, sockets and files, by {method}",
            f"{growth.written_bytes:,} bytes",
            look_at="what is handed to the workers, and what they send back",
        )
        assert growth.shared_bytes < size, feedback(
            "a result with memory of its own",
            "shared memory is still in use",
            look_at="whether the result is a copy",
        )


@concurrency(depends_on="test_pixels")
def test_nothing_left(student, stub, rng):
    """When it returns, no segment, process, thread or file is left."""
    for method in ("fork", rng.choice(METHODS[1:] if found_afresh(stub) else METHODS[:1])):
        looking = Looking(AtOnce(BORN))
        seen, pixels, gain = run_between_looks(student, rng, looking, method=method)
        expect_checksum(seen, brightened(pixels, gain))
        expect_nothing_left(looking, seen, segments=True)


@concurrency(depends_on="test_pixels")
def test_a_killed_worker(student, rng):
    """A worker that dies is reported, and nothing is left."""
    for which, death in enumerate((rng.choice(EXITS), rng.choice(SIGNALS), rng.choice(EXITS + SIGNALS))):
        ends = [death if k == which else None for k in range(3)]
        looking = Looking(AtOnce({"born": lambda ends=ends: ends.pop() if ends else None}))
        seen, _, _ = run_between_looks(student, rng, looking)
        what = "a RuntimeError when a worker is killed or ends with a status other than 0"
        expect_raised(seen, "RuntimeError", what, look_at="how the workers have ended")
        expect_nothing_left(looking, seen, segments=True)


@concurrency(depends_on="test_pixels")
def test_a_worker_that_cannot_be_started(student, rng):
    """If the system refuses a process, that is raised, and nothing is left."""
    for forks in (2, rng.randrange(2)):
        shape = drawn_shape(rng, 6)
        pixels = rng.randbytes(length_of(shape))
        looking = Looking(AtOnce(BORN))
        how = {"shape": shape, "gain": 1.5, "workers": 3, "forks": forks}
        seen = student.run("brightened_with_forks", pixels=pixels, calls=looking, **how)
        what = f"the OSError of the system, which refuses worker number {forks + 1}"
        expect_raised(seen, "OSError", what, look_at="what happens on the way out")
        expect_nothing_left(looking, seen, segments=True, files=False)  # Python itself leaves pipes open then


def found_afresh(stub):
    """Whether processes that do not begin as a copy can use NumPy here."""
    return stub.run("found_afresh").value is True


def run_between_looks(student, rng, looking, method="fork"):
    """With three workers; what was seen, the pixels and the gain."""
    shape, gain = drawn_shape(rng, rng.randrange(5, 9)), rng.uniform(0.5, 2)
    pixels = rng.randbytes(length_of(shape))
    how = {"shape": shape, "gain": gain, "workers": 3, "method": method}
    return student.run("brightened_between_looks", pixels=pixels, calls=looking, **how), pixels, gain


def large_run(student, rng, method):
    looking = Looking(AtOnce(BORN))
    shape, gain = LARGE["shape"], rng.uniform(0.5, 2)
    pixels = rng.randbytes(length_of(shape[1:])) * shape[0]
    how = {"gain": gain, "workers": 2, "method": method, **LARGE}
    seen = student.run("brightened_between_looks", pixels=pixels, calls=looking, **how)
    expect_checksum(seen, brightened(pixels, gain) * LARGE["times"])
    return looking.growth()


def expect_checksum(seen, pixels):
    what = "the brighter picture"
    expect_returned(seen, what)
    expect(answer(seen.value, TOLD)[2], crc32(pixels), what)


def shares_of(student, rng, height, workers, order):
    """How many rows the workers have computed that were let go in this order, the last one first.

    Colours are odd and the gain is 2, so what has been computed is told from what has not.
    """
    colours = rng.sample(range(3, 126, 2), workers + 1)
    painting = pairwise(colours)
    shape = [height, rng.randrange(20, 40), 3]
    row = length_of(shape[1:])
    turns = iter(order)
    policy = VirtualTime({"born": lambda: ["paint", *next(painting), row]}, lasts={"born": lambda: 1 + next(turns)})
    pixels = bytes([colours[0]]) * (height * row)
    seen = student.run("brightened", pixels=pixels, shape=shape, gain=2, workers=workers, calls=policy)
    expect_returned(seen, "the brighter picture")
    told = answer(seen.value, ((object, object, bytes), bool, bool))
    result = told[0][2]
    expect_all_born(seen, min(height, workers))
    assert len(result) == len(pixels), feedback("a picture of the same size", "another size")
    rows = [set(result[start : start + row]) for start in range(0, len(result), row)]
    shares = [rows.count({2 * colour}) for colour in colours[1 : 1 + min(height, workers)]]
    before = "; others show the picture as it was before" if {2 * colours[0]} in rows else ""
    assert sum(shares) == height, feedback(
        "each row of the result computed by one worker, from the picture in shared memory",
        f"{sum(shares)} of {height} rows were{before}",
        look_at="where the workers find the picture, and who computes what is returned",
    )
    return shares


def expect_row_by_row(student, rng):
    """Every other row has the colour that another one replaces: they lie there in one piece, or are not found."""
    colour, other, kept = rng.sample(range(3, 126, 2), 3)
    row = rng.randrange(20, 40)
    painting = iter([["paint", colour, other, row]])
    policy = VirtualTime({"born": lambda: next(painting, None)}, lasts={"born": lambda: 1})
    how = {"shape": [6, row], "gain": 2, "workers": 2, "layout": "Fortran's order"}
    pixels = bytes([colour] * row + [kept] * row) * 3
    seen = student.run("brightened", pixels=pixels, calls=policy, **how)
    expect_returned(seen, "the brighter picture")
    told = answer(seen.value, (TOLD, bool, bool))[0]
    what = "a picture whose rows lie in shared memory one after another, whatever the layout of image"
    expect(told[2], bytes([2 * other] * row + [2 * kept] * row) * 3, what, look_at="how the bytes of image are copied")


def expect_all_born(seen, number):
    started, at_once = len(seen.calls("born")), len({call.pid for call in seen.calls("born") if call.began == 0})
    assert started == at_once == number, feedback(
        f"{number} workers started, and there at the same time",
        f"{started} were started, {at_once} were there at the same time",
        look_at="how many workers there are rows for, and what is waited for before the next one starts",
    )
