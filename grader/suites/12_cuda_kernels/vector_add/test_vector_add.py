"""What `vector_add` promises.

The student's process says what `add` returns and what it launches. What launches do is seen in the stub's process,
where the kernel runs again: every access of every thread is seen there, and none of the student's Python is.
"""

import struct

from grader.evidence import answer, answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    expect_computed,
    expect_lanes,
    expect_launched,
    expect_sound,
    kernel_source,
    launch_reports,
    per_request,
    run_again,
    total,
    worst,
)

SHAPES = [  # grid and block: threads are too many, too few, and in two dimensions
    ((40, 1, 1), (64, 1, 1)),
    ((1, 1, 1), (32, 1, 1)),
    ((5, 1, 1), (96, 1, 1)),
    ((3, 1, 1), (8, 4, 1)),
    ((70, 1, 1), (16, 2, 1)),
]
SECTORS = 4.2  # a request of 32 floats side by side takes 4; what begins within a sector takes one more
LANES = 28  # of 32: the last warp of the array may be half empty


def numbers(rng, length):
    return [float(rng.randrange(10**6)) for _ in range(length)]


def added(left, right):
    return [a + b for a, b in zip(left, right, strict=True)]


@correctness
def test_sums(student, rng):
    """The sums are right, for any length."""
    pairs = [(numbers(rng, n), numbers(rng, n)) for n in (1, 2, 255, 257, rng.randrange(1000, 2000))]
    told = student.run("sums", pairs=pairs).value
    for (left, right), (kind, sums, kept) in answers(told, 3, pairs):
        expect(kind, "float32 array of 1 dimension", "a new float32 array of one dimension")
        expect(sums, added(left, right), f"the sums of {len(left)} pairs", look_at="which elements your grid covers")
        assert kept, feedback("a and b as they were", "one of them had changed")


@correctness
def test_nothing_to_add(student):
    """Arrays of length 0 give an array of length 0."""
    [(_, told)] = answers(student.run("sums", pairs=[([], [])]).value, 3, [[]])
    expect(told[1], [], "an empty array for two empty ones", look_at="how many blocks you launch for 0 elements")


@correctness
def test_any_grid_and_block(student, stub, rng):
    """The kernel is right with any grid and any block."""
    left, right = numbers(rng, 1000), numbers(rng, 1000)
    told = launched_alone(student, stub, left, right, SHAPES)
    for (grid, block), ran in zip(SHAPES, told, strict=True):
        expect(
            ran["sums"],
            added(left, right),
            f"1,000 sums with grid {grid} and block {block}",
            look_at="how a thread finds its first element, and how it finds the next one",
        )


@correctness
def test_nothing_outside(student, stub, rng):
    """No thread accesses anything outside of the arrays."""
    length = rng.choice((333, 1001))
    left, right = numbers(rng, length), numbers(rng, length)
    expect_sound(run_again(stub, told_of(student, left, right)["launches"]).reports)
    for ran in launched_alone(student, stub, left, right, SHAPES):
        expect_sound(launch_reports(ran["launches"]))


@concurrency
def test_the_kernel_does_the_work(student, stub, rng):
    """`add` launches the kernel, with a thread for each element."""
    left, right = numbers(rng, 3000), numbers(rng, 3000)
    launches = launched(student, stub, left, right)
    threads = [size(launch.grid) * size(launch.block) for launch in launches]
    assert max(threads) >= 1000 and sum(threads) <= 2_000_000, feedback(
        "a launch with at least 1,000 threads for 3,000 elements, and no more than 2 million",
        f"{max(threads):,} threads",
        look_at="the grid and the block of your launch",
    )


@concurrency(depends_on="test_the_kernel_does_the_work")
def test_each_element_once(student, stub, rng):
    """The threads share the work: each element is read and written once, by lanes that work together."""
    left, right = numbers(rng, 4096), numbers(rng, 4096)
    for launch in launched(student, stub, left, right):
        loads, stores = (total([launch], "lanes", Space.GLOBAL, writes) for writes in (False, True))
        assert (loads, stores) == (2 * 4096, 4096), feedback(
            "each element of a and b read once, each of c written once",
            f"{loads:,} reads and {stores:,} writes for 4,096 elements",
            look_at="whether two threads do the same element",
        )
    for ran in launched_alone(student, stub, left, right, SHAPES):
        expect_lanes(launch_reports(ran["launches"]), LANES, "at work", "which threads have work, and how much")


@speedup(depends_on="test_each_element_once")
def test_side_by_side(student, stub, rng):
    """The threads of a warp access memory side by side."""
    left, right = numbers(rng, 4096), numbers(rng, 4096)
    reports = launched(student, stub, left, right)
    for ran in launched_alone(student, stub, left, right, SHAPES[:3]):
        reports += launch_reports(ran["launches"])
    for report in reports:
        for writes, what in ((False, "read"), (True, "written")):
            sectors = per_request([report], "sectors", Space.GLOBAL, writes)
            assert sectors <= SECTORS, feedback(
                f"at most {SECTORS} sectors of 32 bytes {what} by a warp at a time",
                f"{sectors:.1f}",
                look_at=worst([report], Space.GLOBAL, writes),
                sectors_per_request=sectors,
            )


def launched(student, stub, left, right):
    """The reports of the launches of `add`, run again; fails the check unless they have computed the sums."""
    told = told_of(student, left, right)
    sums = added(left, right)
    expect(told["sums"], sums, "the sums, also when threads are counted")
    launches = run_again(stub, told["launches"])
    found = expect_launched(launches.reports, "add")
    expect_computed(launches, struct.pack(f"{len(sums)}f", *sums), "the sums")
    return found


def told_of(student, left, right):
    """The sums, and the recorded launches of `add`."""
    return answer(student.run("launches_of_add", left=left, right=right).value, {"sums": object, "launches": object})


def launched_alone(student, stub, left, right, shapes):
    """What the student's kernel does with each of these grids and blocks."""
    return stub.run("launch", source=kernel_source(student), left=left, right=right, shapes=shapes).value


def size(index):
    return index[0] * index[1] * index[2]
