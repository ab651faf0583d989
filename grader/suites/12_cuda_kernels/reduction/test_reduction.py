"""What `reduction` promises.

The student's process says what the function returns and what it launches. What launches do is seen in the stub's,
where they run again. All numbers are eighths, and few, so that sums are exact in any order.
"""

import struct

from grader.evidence import answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    atomic_updates,
    expect_computed,
    expect_ended,
    expect_followed,
    expect_lanes,
    expect_launched,
    expect_many_threads,
    expect_no_conflicts,
    expect_side_by_side,
    expect_sound,
    launch_reports,
    run_again,
    total,
)

MANY = 20_480
LANES = 20  # of 32, that load together
LOADS = 1.05  # for each element: it, and sums of blocks
SECTORS = 1.3  # times as many as the loaded floats fill
EMPTY = (480, 60)  # places in requests to shared memory, for each block and for each warp; a tree needs about 420
TURNS = 1.1  # times as many as without bank conflicts
ATOMICS = 2  # for each warp: one within its block, and the block's own


def positive(rng, length):
    """So that no part of them has the sum of all."""
    return [rng.randrange(1, 33) / 8 for _ in range(length)]


@correctness
def test_any_length(student, rng):
    """The sum is right, for any length."""
    lengths = [1, 2, 33, 255, 257, rng.randrange(1100, 1900), 4097]
    lists = [([rng.randrange(-40, 41) / 8 for _ in range(length)], 1) for length in lengths]
    lists.append((positive(rng, 701), 100))
    told = student.run("totals", lists=lists).value
    for (numbers, times), (kind, seen, kept, launches) in answers(told, 4, lists):
        expect_ended(launch_reports(launches))
        expect(kind, "number", "a float or np.float32")
        what = f"the sum of {len(numbers) * times:,} numbers"
        expect(
            seen, sum(numbers) * times, what, look_at="which elements your grid covers, and what your tree leaves out"
        )
        assert kept, feedback("the array as it was", "its elements had changed")


@correctness
def test_nothing_to_add_up(student):
    """The sum of no numbers is 0."""
    [(_, told)] = answers(student.run("totals", lists=[([], 1)]).value, 4, [[]])
    expect(told[1], 0.0, "0 for an array of length 0", look_at="how many blocks you launch for 0 elements")


@concurrency
def test_the_kernels_do_the_work(student, stub, rng):
    """Kernels form the whole sum, with many threads that load together."""
    launches = expect_work(student, stub, [positive(rng, MANY)], others=[positive(rng, MANY)])
    expect_many_threads(reduces(launches), f"{MANY:,} elements", blocks=4)
    expect_lanes(launches, LANES, "loading", "which threads have something to load", writes=False)


@concurrency
def test_sound_accesses(student, stub, rng):
    """No thread accesses anything outside of the arrays, or too early."""
    lists = [positive(rng, length) for length in (rng.randrange(1100, 1900), 45, 2049)]
    expect_work(student, stub, lists, judged=expect_sound)


@speedup
def test_each_element_once(student, stub, rng):
    """Each element is loaded once, side by side with others."""
    launches = expect_work(student, stub, [positive(rng, MANY)])
    loaded = total(launches, "bytes", Space.GLOBAL, writes=False) // 4
    assert MANY <= loaded <= LOADS * MANY, feedback(
        f"each of {MANY:,} elements loaded once, and little else",
        f"{loaded:,} loaded",
        look_at="what is in shared memory, and what is not",
    )
    expect_side_by_side(launches, SECTORS, writes=False)


@speedup
def test_close_together(student, stub, rng):
    """Threads that add in shared memory are close together and use different banks, and few of them add atomically."""
    launches = expect_work(student, stub, [positive(rng, MANY)])
    empty = sum(
        32 * total([each], "requests", Space.SHARED) - total([each], "lanes", Space.SHARED) for each in launches
    )
    blocks = sum(size(launch.grid) for launch in launches)
    warps = sum(size(launch.grid) * -(-size(launch.block) // 32) for launch in launches)
    most = EMPTY[0] * blocks + EMPTY[1] * warps
    assert empty <= most, feedback(
        f"at most {most:,} empty places in the requests of {blocks:,} blocks to shared memory",
        f"{empty:,}",
        look_at="which threads are at work in each step, and in which warps they are",
        empty_places=empty,
    )
    atomics = sum(atomic_updates(launches, space) for space in (Space.GLOBAL, Space.SHARED))
    assert atomics <= ATOMICS * warps, feedback(
        f"at most {ATOMICS * warps:,} atomic operations of {warps:,} warps",
        f"{atomics:,}",
        look_at="which sums could be formed without them",
        atomic_operations=atomics,
    )
    expect_no_conflicts(launches, TURNS)


def expect_work(student, stub, lists, judged=expect_ended, others=()):
    """The reports of all launches; fails the check unless kernels have formed each sum, and would that of others."""
    reports = []
    for numbers, (seen, records) in answers(student.run("records", lists=lists).value, 2, lists):
        launches, wanted = run_again(stub, records), sum(numbers)
        reduces(launches.reports)
        judged(launches.reports)
        expect(seen, wanted, f"the sum of {len(numbers):,} numbers")
        expect_computed(launches, floats([wanted]), "the whole sum")
        for other in others:
            expect_followed(stub, launches, floats(numbers), floats(other), floats([sum(other)]), "the whole sum")
        reports += launches.reports
    return reports


def floats(numbers):
    return struct.pack(f"{len(numbers)}f", *numbers)


def reduces(reports):
    return expect_launched(reports, "reduce")


def size(index):
    return index[0] * index[1] * index[2]
