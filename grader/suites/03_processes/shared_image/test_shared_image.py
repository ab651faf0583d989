"""What `brighten` promises.

Workers ask the judge at their birth, and are held until nobody can move; then they are let go one at a time, in an
order that is drawn. Before each of them every row in shared memory gets another colour, which no other row has at any
time: so a bright row says which worker has computed it, and from where, wherever it lies. By which start method workers
came into being, what has been written to pipes, and what is left, the kernel says.
"""

import errno
import signal
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from random import Random
from zlib import crc32

from hypothesis import strategies as st

from grader.evidence import (
    AtOnce,
    Births,
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
SIGNALS = [int(one) for one in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV)]
DEATHS = st.one_of(
    st.tuples(st.just("kill"), st.sampled_from(SIGNALS)), st.tuples(st.just("exit"), st.integers(1, 255))
)
REFUSALS = (errno.EAGAIN, errno.ENOMEM, errno.ENOSPC, errno.EMFILE)
MOST_GRANTED = 12
TOLD = (object, object, object)  # type of the pixels, shape, pixels or their checksum
PIPED = 0.1  # of the image's bytes; right solutions were measured at 0.01
# Bytes by the million, which are no part of what is sent to the sandbox: each shape is repeated downwards and across.
USUAL, TALL, FLAT = ([40, 90, 3], 20, 10), ([30, 4, 3], 3_000, 1), ([3, 100, 3], 1, 1_200)


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
    births = Births(AtOnce(BORN))
    seen = student.run("brightened", pixels=pixels, calls=births, **how)
    expect_returned(seen, what)
    told, kept, own = answer(seen.value, (TOLD, bool, bool))
    expect(told[:2], ["uint8", list(how["shape"])], f"{what}: an array of uint8 of the same shape")
    expect(told[2], brightened(pixels, how["gain"]), what, look_at="how a pixel is computed, and which rows are")
    assert own, feedback("an array of its own", "the image itself was returned", look_at="what is returned, and when")
    assert kept, feedback("the image itself as it was", "it has changed", look_at="what the workers write to")
    expect_started(seen, births, how)
    return seen


def expect_started(seen, births, how):
    """Fails the check unless as many workers were started as there are to be, by this start method."""
    method, (height, *_) = how.get("method", "fork"), how["shape"]
    number = min(how["workers"], height) if all(how["shape"]) else 0
    others = [other for other in births.methods if other not in (method, "")]
    started = len(seen.calls("born"))
    assert started == number and not others, feedback(
        f"{number} processes for {height} rows and {how['workers']} workers, started by {method}",
        f"{started}, {len(others)} of them by another method: {others[0]}" if others else f"{started}",
        look_at="how many workers there are rows for, and who chooses how they start",
    )


@correctness
def test_pixels(student, rng):
    """Every byte is as NumPy has it, whatever the number of workers."""
    workers = rng.randrange(3, 5)
    usual = {"width": 3, "colours": [3], "gain": rng.uniform(0.5, 2), "workers": workers, "seed": 1, "layout": "plain"}
    heights = (workers - 1, workers, workers + 1, 3 * workers - 1)
    gains = (0, 1, usual["gain"], rng.randrange(2, 9))
    first = [usual | {"height": height, "gain": gain} for height, gain in zip(heights, gains, strict=True)]
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
    for method in rng.sample(METHODS, len(METHODS)):
        plan = {"height": rng.choice((3, 5)), "workers": 2, "layout": "plain", "seed": rng.randrange(1000)}
        expect_fair_shares(student, plan, method)


@concurrency(depends_on="test_pixels")
def test_workers_compute_the_rows(student, rng):
    """Each row is computed by one worker, from shared memory, and all have fair shares."""
    workers = rng.randrange(3, 5)
    sizes = ((workers + 1, workers), (3 * workers - 1, workers), (2 * workers, workers), (2, workers), (2, 1))
    usual = {"layout": "plain", "seed": rng.randrange(1000)}
    first = [usual | {"height": height, "workers": most} for height, most in sizes]
    plans = st.fixed_dictionaries(
        {
            "height": st.integers(1, 12),
            "workers": st.integers(1, 4),
            "layout": st.sampled_from(("Fortran's order", "plain")),
            "seed": st.integers(0, 999),
        }
    )
    for_all(student, rng, plans, partial(expect_fair_shares, student), examples=4, first=first)


@concurrency(depends_on="test_pixels")
def test_no_pixels_through_pipes(student, stub, rng):
    """No pixels go through pipes, sockets or files."""
    # What workers have written counts where their parent is who has joined them: a forkserver's are not the caller's.
    afresh = "spawn" if found_afresh(stub) else "fork"
    for picture, method, workers in ((USUAL, "fork", 3), (TALL, afresh, 1), (FLAT, afresh, 2)):
        growth, size = large_run(student, rng, picture, method, workers)
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
    afresh = rng.choice(METHODS[1:] if found_afresh(stub) else METHODS[:1])
    for method, workers in (("fork", 3), (afresh, 1)):
        looking = Looking(AtOnce(BORN))
        seen, pixels, gain = run_between_looks(student, rng, looking, workers, method)
        expect_checksum(seen, brightened(pixels, gain))
        expect_nothing_left(looking, seen, segments=True)


@concurrency(depends_on="test_pixels")
def test_a_killed_worker(student, stub, rng):
    """A worker that dies is reported, and nothing is left."""
    life = length_of_life(student, rng)
    usual = {"workers": 3, "height": rng.randrange(3, 9), "at": rng.random(), "seed": rng.randrange(1000)}
    whens, status = ("at birth", "midway", "at the end"), ("exit", rng.randrange(1, 256))
    kills = [("kill", number) for number in rng.sample(SIGNALS, len(SIGNALS))]
    first = [
        usual | {"which": which, "when": when, "death": kill}
        for which, (when, kill) in enumerate(zip(rng.sample(whens, 3), kills, strict=True))
    ]
    first += [usual | {"which": rng.randrange(2), "when": rng.choice(whens), "death": status}]
    plans = st.fixed_dictionaries(
        {
            "workers": st.integers(1, 4),
            "height": st.integers(1, 8),
            "which": st.integers(0, 3),
            "when": st.sampled_from(("at birth", "midway", "at the end")),
            "at": st.floats(0, 1),
            "death": DEATHS,
            "seed": st.integers(0, 999),
        }
    )
    for_all(student, rng, plans, partial(expect_death_reported, student, life), examples=2, first=first)
    if found_afresh(stub):
        plan = usual | {"workers": 1, "which": 0, "when": rng.choice(("at birth", "at the end")), "death": kills[0]}
        expect_death_reported(student, life, plan, rng.choice(METHODS[1:]))
    expect_death_reported(student, life, usual | {"which": 9, "when": "at birth", "death": status})  # nobody dies


@concurrency(depends_on="test_pixels")
def test_what_the_system_refuses(student, stub, rng):
    """If the system refuses a segment or a process, that is raised, and nothing is left."""
    granted = 0
    while was_refused(student, rng, granted, workers=3) and granted < MOST_GRANTED:
        granted += 1
    if found_afresh(stub):
        was_refused(student, rng, max(0, granted - 2), workers=3, method=rng.choice(METHODS[1:]))


def found_afresh(stub):
    """Whether processes that do not begin as a copy can use NumPy here."""
    return stub.run("found_afresh").value is True


def run_between_looks(student, rng, looking, workers=3, method="fork"):
    """What was seen, the pixels and the gain."""
    shape, gain = drawn_shape(rng, rng.randrange(2, 9)), rng.uniform(0.5, 2)
    pixels = rng.randbytes(length_of(shape))
    how = {"shape": shape, "gain": gain, "workers": workers, "method": method}
    return student.run("brightened_between_looks", pixels=pixels, calls=looking, **how), pixels, gain


def large_run(student, rng, picture, method, workers):
    shape, down, across = picture
    looking = Looking(AtOnce(BORN))
    row, gain = length_of(shape[1:]), rng.uniform(0.5, 2)
    pixels = rng.randbytes(length_of(shape))
    layout = rng.choice(("plain", *LAYOUTS))
    how = {"shape": shape, "gain": gain, "workers": workers, "layout": layout, "method": method}
    seen = student.run("brightened_between_looks", pixels=pixels, times=[down, across], calls=looking, **how)
    rows = (pixels[start : start + row] * across for start in range(0, len(pixels), row))
    whole = b"".join(rows) * down
    expect_checksum(seen, brightened(whole, gain))
    return looking.growth(), len(whole)


def length_of_life(student, rng):
    """How many steps of Python at least there are in the life of a worker."""
    looking = Looking(AtOnce({"born": lambda: ["count"], "events": lambda number: None}))
    seen, pixels, gain = run_between_looks(student, rng, looking)
    expect_checksum(seen, brightened(pixels, gain))
    return min((answer(call.args, (int,))[0] for call in seen.calls("events")), default=1)


def expect_death_reported(student, life, plan, method="fork"):
    """If it was one: some never come to the moment at which they should die, and all is well then."""
    when = {"at birth": 0, "midway": 1 + int(plan["at"] * life), "at the end": -1}[plan["when"]]
    ends = iter([None] * plan["which"] + [["die", when, *plan["death"]]])
    looking = Looking(AtOnce({"born": lambda: next(ends, None), "dies": lambda: None}))
    chance, shape = Random(plan["seed"]), [plan["height"], 5]
    pixels = chance.randbytes(length_of(shape))
    how = {"shape": shape, "gain": 1.5, "workers": plan["workers"], "method": method}
    seen = student.run("brightened_between_looks", pixels=pixels, calls=looking, **how)
    if seen.calls("dies"):
        deed = "is killed" if plan["death"][0] == "kill" else "ends with a status other than 0"
        what = f"a RuntimeError when one of {min(plan['workers'], plan['height'])} workers {deed}, {plan['when']}"
        expect_raised(seen, "RuntimeError", what, look_at="how the workers have ended")
    else:
        expect_checksum(seen, brightened(pixels, 1.5))
    expect_nothing_left(looking, seen, segments=True)


def was_refused(student, rng, granted, workers, method="fork"):
    """Whether more than that was asked for, as segments and processes are."""
    shape = drawn_shape(rng, rng.randrange(workers, 9))
    pixels = rng.randbytes(length_of(shape))
    looking = Looking(AtOnce({**BORN, "refused": lambda: None}))
    how = {"shape": shape, "gain": 1.5, "workers": workers, "method": method}
    limit = {"granted": granted, "number": rng.choice(REFUSALS)}
    seen = student.run("brightened_with_so_many", pixels=pixels, calls=looking, **how, **limit)
    refused = bool(seen.calls("refused"))
    if refused:
        what = f"the OSError of the system, which refuses more than {granted} segments and processes, all together"
        expect_raised(seen, "OSError", what, look_at="what happens on the way out")
    else:
        expect_checksum(seen, brightened(pixels, 1.5))
    expect_nothing_left(looking, seen, segments=True)
    return refused


def expect_checksum(seen, pixels):
    what = "the brighter picture"
    expect_returned(seen, what)
    expect(answer(seen.value, TOLD)[2], crc32(pixels), what)


def expect_fair_shares(student, plan, method="fork"):
    """Workers are let go in a drawn order. Colours are odd and the gain is 2: what was computed is told from what was
    not, and each colour of a row from any other."""
    chance, height = Random(plan["seed"]), plan["height"]
    number = min(plan["workers"], height)
    shape = [height, chance.randrange(20, 40), *chance.choice(([], [3]))]
    row = length_of(shape[1:])
    colours = chance.sample(range(1, 128, 2), (number + 1) * height)
    coats = [colours[start : start + height] for start in range(0, len(colours), height)]
    tables = iter([bytes.maketrans(bytes(before), bytes(after)) for before, after in pairwise(coats)])
    turns = iter(chance.sample(range(number), number))
    replies: dict[str, Callable] = {"born": lambda: ["paint", row, next(tables)], "found": lambda _: None}
    births = Births(VirtualTime(replies, lasts={"born": lambda: 1 + next(turns)}))
    pixels = b"".join(bytes([colour]) * row for colour in coats[0])
    how = {"shape": shape, "gain": 2, "workers": plan["workers"], "layout": plan["layout"], "method": method}
    seen = student.run("painted", row=row, pixels=pixels, calls=births, **how)
    expect_returned(seen, "the brighter picture")
    told = answer(seen.value, ((object, object, bytes), bool, bool))
    expect_started(seen, births, how)
    expect_all_there(seen, number)
    expect_computed_once(seen, told[0][2], row, coats)


def expect_computed_once(seen, result, row, coats):
    """By the colours that each row had in the end, and that it had in memory when a worker came or a segment went."""
    height, workers = len(coats[0]), len(coats) - 1
    painted = {2 * colour: (place, k) for k, coat in enumerate(coats) for place, colour in enumerate(coat)}
    assert len(result) == row * height, feedback("a picture of the same size", "another size")
    rows = [set(result[start : start + row]) for start in range(0, len(result), row)]
    by = [k for place, row in enumerate(rows) for k in range(workers + 1) if row == {2 * coats[k][place]}]
    before = "; others show the picture as it was before" if 0 in by else ""
    computed = len(by) - by.count(0)
    assert computed == height, feedback(
        "each row of the result computed by one worker, from the picture in shared memory, where it lies row by row",
        f"{computed} of {height} rows were{before}",
        look_at="where the workers find the picture, how it was copied, and who computes what is returned",
    )
    computers = defaultdict(set)
    found = [set(answer(call.args, (bytes,))[0]) for call in seen.calls("found")]
    for colour in set().union(*found[1:]).difference(*found[:1]).intersection(painted):
        place, k = painted[colour]
        computers[place].add(k)
    for place, k in enumerate(by):
        computers[place].add(k)
    several = sum(len(those) > 1 for those in computers.values())
    assert not several, feedback(
        f"each of {height} rows computed by one of {workers} workers",
        f"{several} were computed by several",
        look_at="the first and the last row of every share, and when rows are dealt out",
    )
    shares = [by.count(k) for k in range(1, workers + 1)]
    assert max(shares) - min(shares) <= 1, feedback(
        f"shares of {height} rows for {workers} workers that differ by at most one row",
        f"from {min(shares)} to {max(shares)} rows",
        look_at="how many rows each worker gets",
    )


def expect_all_there(seen, number):
    at_once = len({call.pid for call in seen.calls("born") if call.began == 0})
    assert at_once == number, feedback(
        f"{number} workers there at the same time",
        f"{at_once}",
        look_at="what is waited for before the next one starts",
    )
