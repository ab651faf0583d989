"""What `stencil` promises.

The student's process says what `stencil` returns and what it launches. What launches do is seen in the stub's, where
they run again. All elements are small whole numbers, so that the sums are exact in any order.
"""

import struct

from grader.evidence import answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    expect_computed,
    expect_ended,
    expect_lanes,
    expect_launched,
    expect_many_threads,
    expect_side_by_side,
    expect_sound,
    run_again,
    total,
)

WIDE = (128, 128)
LOADS = 1.4  # for each element: tiles of 16 by 16 with a halo take 1.27, and a tenth more
SECTORS = 2.5  # times as many as would be filled
LANES = 16  # of 32; a thread for each place of a tile of 14 by 14 takes 25


def grid(rng, shape):
    rows, columns = shape
    return shape, [float(rng.randrange(-500, 500)) for _ in range(rows * columns)]


def expected(shape, elements):
    rows, columns = shape
    wide = [0.0] * (columns + 2)
    lines = [wide, *([0.0, *elements[i * columns : (i + 1) * columns], 0.0] for i in range(rows)), wide]
    return [
        lines[i][j] / 2 + (lines[i - 1][j] + lines[i + 1][j] + lines[i][j - 1] + lines[i][j + 1]) / 8
        for i in range(1, rows + 1)
        for j in range(1, columns + 1)
    ]


@correctness
def test_any_shape(student, rng):
    """The result is right, whatever the shape."""
    shapes = [(1, 1), (64, 64), (1, 70), (70, 1), (17, 33), (rng.randrange(65, 95), rng.randrange(34, 63))]
    grids = [grid(rng, shape) for shape in shapes]
    told = student.run("stencils", grids=grids).value
    for (shape, elements), (kind, result, kept) in answers(told, 3, grids):
        expect(kind, f"float32 array of shape {shape}", f"the result for {shown(shape)}")
        look_at = "the neighbours of elements at the edges of the array, and at those of a tile"
        expect(result, expected(shape, elements), f"the result for {shown(shape)}", look_at)
        assert kept, feedback("the array as it was", "it had changed")


@correctness
def test_nothing_to_compute(student):
    """An array without elements gives one of the same shape."""
    shapes = [(0, 5), (5, 0), (0, 0)]
    told = student.run("stencils", grids=[(shape, []) for shape in shapes]).value
    for shape, (kind, _, _) in answers(told, 3, shapes):
        look_at = "how many blocks you launch for 0 elements"
        expect(kind, f"float32 array of shape {shape}", f"the result for {shown(shape)}", look_at)


@concurrency
def test_no_accidents(student, stub, rng):
    """No two threads get in each other's way, and nothing outside of the arrays is accessed."""
    shapes = [(33, rng.randrange(65, 79)), (rng.randrange(35, 47), 18), (1, 40)]
    told = student.run("launches_of_stencil", grids=[grid(rng, shape) for shape in shapes]).value
    for _, call in answers(told, {"elements": object, "launches": object}, shapes):
        expect_sound(expect_launched(run_again(stub, call["launches"]).reports, "stencil"))


@concurrency
def test_shared_work(student, stub, rng):
    """The kernel does the work, and many threads share it."""
    own = launched(student, stub, rng)
    expect_many_threads(own, shown(WIDE))
    expect_lanes(own, LANES, "writing", "which threads compute elements, and how many each", writes=True)


@speedup
def test_loaded_once(student, stub, rng):
    """Elements are loaded from global memory hardly more than once, and written once."""
    own, elements = launched(student, stub, rng), WIDE[0] * WIDE[1]
    loads, writes = (total(own, "bytes", Space.GLOBAL, writes) / 4 / elements for writes in (False, True))
    assert loads <= LOADS, feedback(
        f"at most {LOADS} floats loaded from global memory for each element",
        f"{loads:.2f}",
        look_at="where a thread finds the neighbours of its element, and how large the halo is beside its tile",
        loads_for_each_element=loads,
    )
    assert writes == 1, feedback("each element written once", f"{writes:.2f} floats written for each element")


@speedup
def test_side_by_side(student, stub, rng):
    """The threads of a warp access memory side by side."""
    own = launched(student, stub, rng)
    for writes in (False, True):
        expect_side_by_side(own, SECTORS, writes)


def launched(student, stub, rng):
    """The launches of the kernel for a large array, run again; fails the check unless they have computed the result."""
    shape, elements = grid(rng, WIDE)
    told = student.run("launches_of_stencil", grids=[(shape, elements)]).value
    [(_, call)] = answers(told, {"elements": object, "launches": object}, [shape])
    launches, wanted = run_again(stub, call["launches"]), expected(shape, elements)
    expect_ended(launches.reports)
    expect(call["elements"], wanted, f"the result for {shown(shape)}", look_at="what the check of any shape says")
    own = expect_launched(launches.reports, "stencil")
    expect_computed(launches, struct.pack(f"{len(wanted)}f", *wanted), "the result")
    return own


def shown(shape):
    return "{} rows and {} columns".format(*shape)
