"""What `histogram` promises.

The student's process says what `histogram` returns and what it launches. What launches do is seen in the process of the
stub, where the kernel runs again: it sees every access of every thread, and none of the student's Python is there.
"""

import struct

from grader.evidence import answer, answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    atomic_updates,
    expect_computed,
    expect_ended,
    expect_lanes,
    expect_launched,
    expect_many_threads,
    expect_side_by_side,
    expect_sound,
    kernel_source,
    launch_reports,
    run_again,
    total,
)

SHAPES = [(4, 128), (1, 32), (3, 100), (2, 1024), (70, 64)]  # blocks and threads: fewer than bins, more than bytes
BLOCKS, THREADS, BINS = 4, 128, 64
EVEN = 1 << 14  # bytes, which those threads share without a rest, also four or sixteen at a time
MANY = 1 << 16
MORE = MANY + 4000
LANES = 28  # of 32


def some_bytes(rng, length, below=256):
    return bytes(rng.randrange(below) for _ in range(length))


def counted(content, bins):
    return [content.count(value) for value in range(bins)]


@correctness
def test_counts(student, rng):
    """The counts are right, for any length and any number of bins."""
    some = rng.randrange(1000, 1500) // 4 * 4
    sizes = [(1, 1), (2, 256), (some + 1, 256), (some + 2, 10), (some + 3, rng.randrange(100, 200)), (some, 2)]
    cases = [(some_bytes(rng, length), bins) for length, bins in sizes]
    told = student.run("histograms", cases=cases).value
    for (content, bins), (kind, counts, kept) in answers(told, 3, cases):
        expect(kind, "1-dimensional uint32 array", "a new uint32 array of one dimension")
        look_at = "which bytes are counted, and what becomes of values that have no bin"
        expect(counts, counted(content, bins), f"the counts of {len(content)} bytes in {bins} bins", look_at)
        assert kept, feedback("data as it was", "it had changed")


@correctness
def test_nothing_to_count(student):
    """Where there is no data, all counts are 0."""
    [(_, told)] = answers(student.run("histograms", cases=[(b"", 3)]).value, 3, [b""])
    expect(told[1], [0, 0, 0], "three zeros for no data", look_at="how many blocks you launch for 0 bytes")


@correctness
def test_any_grid_and_block(student, stub, rng):
    """The kernel adds the right numbers to the counts, with any grid and any block."""
    bins = rng.choice((177, 256))
    content, before = some_bytes(rng, 1001), [rng.randrange(1000) for _ in range(bins)]
    wanted = [old + new for old, new in zip(before, counted(content, bins), strict=True)]
    for (blocks, threads), ran in zip(SHAPES, alone(student, stub, content, before, SHAPES), strict=True):
        expect_ended(launch_reports(ran["launches"]))
        expect(
            ran["counts"],
            wanted,
            f"the counts of 1,001 bytes in {bins} bins, added by {blocks} blocks of {threads} threads",
            look_at="which bins a thread takes care of when there are more bins than threads",
        )
    content = bytes([rng.randrange(8)]) * MORE
    [ran] = alone(student, stub, content, [0] * 8, [(1, 1024)])
    expect_ended(launch_reports(ran["launches"]))
    what = f"the counts of {MORE:,} bytes that are all the same, by one block"
    expect(ran["counts"], counted(content, 8), what, look_at="how far each of your counters can count")


@concurrency
def test_no_accidents(student, stub, rng):
    """No two threads get in each other's way, and nothing outside of the arrays is accessed."""
    content, bins = some_bytes(rng, rng.choice((998, 1003))), rng.choice((177, 256))
    told = told_of(student, content, bins)
    expect_sound(run_again(stub, told["launches"]).reports)
    for ran in alone(student, stub, content, [0] * bins, SHAPES):
        expect_sound(launch_reports(ran["launches"]))


@concurrency
def test_shared_work(student, stub, rng):
    """The kernel does the work: many threads share it, and each byte is read once."""
    own, even = launched(student, stub, rng), launched_alone(student, stub, rng)
    expect_many_threads(own, f"{MANY:,} bytes")
    for reports, length in ((own, MANY), (even, EVEN)):
        loaded = total(reports, "bytes", Space.GLOBAL, writes=False)
        assert loaded == length, feedback(
            f"{length:,} bytes read from global memory, each of them once",
            f"{loaded:,} bytes",
            look_at="whether two threads read the same byte",
        )
    expect_lanes(even, LANES, "reading", "which threads have bytes to count, and how many", writes=False)
    accesses = total(even, "lanes", Space.SHARED)
    assert accesses <= 8 * EVEN + 100 * BINS * BLOCKS, feedback(
        "at most 8 accesses to shared memory for each byte, and 100 for each bin of a block",
        f"{accesses / EVEN:.1f} accesses for each byte",
        look_at="how often your block looks at the same byte",
    )


@speedup
def test_blocks_first(student, stub, rng):
    """The blocks count for themselves, and update global memory once for each bin."""
    updates, most = atomic_updates(launched_alone(student, stub, rng), Space.GLOBAL), BLOCKS * BINS
    assert updates <= most, feedback(
        f"at most {most} atomic updates of global memory by {BLOCKS} blocks with {BINS} bins",
        f"{updates:,}",
        look_at="where your threads count, and what they do when the block is done",
    )
    updates = atomic_updates(launched(student, stub, rng), Space.GLOBAL)
    assert updates <= MANY / 4, feedback(
        f"at most {MANY // 4:,} atomic updates of global memory for {MANY:,} bytes in 256 bins",
        f"{updates:,}",
        look_at="how many bytes there are for each of your blocks",
    )


@speedup(depends_on="test_shared_work")
def test_side_by_side(student, stub, rng):
    """The threads of a warp read bytes side by side."""
    for reports in (launched(student, stub, rng), launched_alone(student, stub, rng)):
        expect_side_by_side(reports, 2, writes=False)


def launched(student, stub, rng):
    """The launches of the kernel by `histogram`, run again; fails the check unless they have counted many bytes."""
    content = some_bytes(rng, MANY)
    told, counts = told_of(student, content, 256), counted(content, 256)
    launches = run_again(stub, told["launches"])
    expect_ended(launches.reports)
    what = f"the counts of {MANY:,} bytes in 256 bins"
    expect(told["counts"], counts, what, look_at="what the check of the counts says")
    found = expect_launched(launches.reports, "histogram")
    expect_computed(launches, struct.pack("256I", *counts), "the counts")
    return found


def told_of(student, content, bins):
    """The counts, and the recorded launches of `histogram`."""
    return answer(
        student.run("launches_of_histogram", content=content, bins=bins).value, {"counts": object, "launches": object}
    )


def launched_alone(student, stub, rng):
    """The same for one launch of the kernel alone, whose threads have equal shares."""
    content = some_bytes(rng, EVEN, below=BINS)
    [told] = alone(student, stub, content, [0] * BINS, [(BLOCKS, THREADS)])
    expect_ended(launch_reports(told["launches"]))
    what = f"the counts of {EVEN:,} bytes in {BINS} bins"
    expect(told["counts"], counted(content, BINS), what, look_at="what the check of any grid and block says")
    return launch_reports(told["launches"])


def alone(student, stub, content, before, shapes):
    """What the student's kernel does with each of these numbers of blocks and threads."""
    return stub.run("launch", source=kernel_source(student), content=content, before=before, shapes=shapes).value
