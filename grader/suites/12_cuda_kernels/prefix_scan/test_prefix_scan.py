"""What `prefix_scan` promises.

The student's process says what `exclusive_scan` returns and what it launches. What launches do is seen in the process
of the stub, where they run again: it sees every access of every thread, and none of the student's Python is there.
"""

import itertools
import struct

from grader.evidence import answer, answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    expect_computed,
    expect_ended,
    expect_followed,
    expect_lanes,
    expect_many_threads,
    expect_side_by_side,
    expect_sound,
    have_computed,
    run_again,
    run_backward,
    total,
)

MANY = 1 << 14
IN_GLOBAL, IN_SHARED = 6, 14  # accesses for each element
LANES = 16  # of 32; those that see to the sums of blocks are alone
SECTORS = 2.5  # times as many as would be filled: every other element takes 2


def numbers(rng, length):
    return [rng.randrange(-5000, 20_000) for _ in range(length)]


def scanned(array):
    return list(itertools.accumulate(array[:-1], initial=0)) if array else []


@correctness
def test_sums(student, rng):
    """The sums are right, for any length."""
    lengths = (1, 2, 33, 511, 513, rng.randrange(1000, 2000), rng.randrange(5000, 9000))
    arrays = [numbers(rng, length) for length in lengths]
    for array, (kind, sums, kept) in answers(student.run("sums", arrays=arrays).value, 3, arrays):
        expect(kind, "1-dimensional int32 array", "a new int32 array of one dimension")
        look_at = "what a thread adds for its block, and for all blocks before"
        expect(sums, scanned(array), f"the sums of {len(array)} elements", look_at)
        assert kept, feedback("the array as it was", "it had changed")


@correctness
def test_nothing_to_scan(student):
    """An array of length 0 gives an array of length 0."""
    [(_, told)] = answers(student.run("sums", arrays=[[]]).value, 3, [[]])
    expect(told[1], [], "an empty array for an empty one", look_at="how many blocks you launch for 0 elements")


@correctness
def test_many_blocks(student, rng):
    """The sums are right for a long array, too."""
    piece, length = numbers(rng, 499), rng.randrange(150_000, 200_000)
    count, sums = answer(student.run("long_sums", piece=piece, length=length, step=97).value, 2)
    expect(count, length, f"as many sums as elements, {length:,}")
    pairs = (divmod(i, len(piece)) for i in range(0, length, 97))
    whole, before = sum(piece), scanned(piece)
    wanted = [times * whole + before[rest] for times, rest in pairs]
    look_at = "how many blocks there are, and what sees to all their sums"
    expect(sums, wanted, f"each 97th of the sums of {length:,} elements", look_at)


@concurrency
def test_no_accidents(student, stub, rng):
    """No two threads get in each other's way, and nothing outside of the arrays is accessed."""
    arrays = [numbers(rng, 2 * rng.randrange(500, 700) + 1), numbers(rng, rng.randrange(5000, 6000))]
    for _, call in calls_of_scan(student, arrays)[0]:
        launches = run_again(stub, call["launches"])
        assert launches.reports, feedback("kernels that are launched", "there was no launch")
        expect_sound(launches.reports)


@concurrency
def test_any_order(student, stub, rng):
    """The sums are right in whichever order blocks run."""
    array = easy_to_record(rng)
    [(_, call)], _ = calls_of_scan(student, [array])
    forward, wanted = run_again(stub, call["launches"]), packed(scanned(array))
    expect_ended(forward.reports)
    expect(call["sums"], scanned(array), f"the sums of {MANY:,} elements", look_at="what the check of the sums says")
    expect_computed(forward, wanted, "the sums")
    backward = run_backward(stub, forward)
    expect_ended(backward.reports)
    assert have_computed(backward, wanted), feedback(
        "the same sums when blocks run in the opposite order",
        "other sums",
        look_at="what a block takes for granted of those that have run before it",
    )


@concurrency
def test_shared_work(student, stub, rng):
    """The kernels do the work, and many threads of many blocks share it."""
    own = launched(student, stub, rng, other=easy_to_record(rng))
    expect_many_threads(own, f"{MANY:,} elements", blocks=4)
    expect_lanes(own, LANES, "at work", "which threads read and write elements, and how many each")


@speedup
def test_work_in_proportion(student, stub, rng):
    """The work is in proportion to the length of the array."""
    own = launched(student, stub, rng)
    in_global, in_shared = total(own, "bytes", Space.GLOBAL) / 4 / MANY, total(own, "lanes", Space.SHARED) / MANY
    assert in_global <= IN_GLOBAL, feedback(
        f"at most {IN_GLOBAL} ints read or written in global memory for each element",
        f"{in_global:.1f}",
        look_at="how often the same element, or the same sum, is read",
        accesses_for_each_element=in_global,
    )
    assert in_shared <= IN_SHARED, feedback(
        f"at most {IN_SHARED} accesses to shared memory for each element",
        f"{in_shared:.1f}",
        look_at="how many threads add at each step of the scan of a block",
        accesses_for_each_element=in_shared,
    )


@speedup
def test_side_by_side(student, stub, rng):
    """The threads of a warp access memory side by side."""
    own = launched(student, stub, rng)
    for writes in (False, True):
        expect_side_by_side(own, SECTORS, writes)


def launched(student, stub, rng, other=None):
    """The launches of kernels of KERNEL, run again; fails the check unless they have computed the sums.

    `other`: an array of the same length, whose sums they must compute where it is in the memory instead.
    """
    array = easy_to_record(rng)
    [(_, call)], source = calls_of_scan(student, [array])
    sums = scanned(array)
    launches = run_again(stub, call["launches"])
    expect_ended(launches.reports)
    expect(call["sums"], sums, f"the sums of {MANY:,} elements", look_at="what the check of the sums says")
    own = [report for report in launches.reports if report.source == source]
    assert own, feedback("kernels of KERNEL launched by your function", "none was launched")
    others = [report for report in launches.reports if report not in own]
    assert not total(others, "lanes", Space.GLOBAL, writes=False), feedback(
        "no kernel that reads an array, but those of KERNEL", f"{others[0].kernel} was launched, too"
    )
    expect_computed(launches, packed(sums), "the sums")
    if other:
        expect_followed(stub, launches, packed(array), packed(other), packed(scanned(other)), "the sums")
    return own


def calls_of_scan(student, arrays):
    """Each array with the sums and the recorded launches, and the source that the student's file holds."""
    told = answer(student.run("launches_of_scan", arrays=arrays).value, {"calls": object, "source": object})
    return answers(told["calls"], {"sums": object, "launches": object}, arrays), told["source"]


def easy_to_record(rng):
    """Many numbers, most of them 0."""
    return [rng.randrange(1, 1000) if rng.random() < 1 / 16 else 0 for _ in range(MANY)]


def packed(sums):
    return struct.pack(f"{len(sums)}i", *sums)
