"""What `transpose` promises.

The student's process says what the function returns and what it launches. What launches do is seen in the stub's,
where they run again.
"""

import struct

from grader.evidence import answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    expect_computed,
    expect_ended,
    expect_launched,
    expect_no_conflicts,
    expect_side_by_side,
    expect_sound,
    launch_reports,
    run_again,
    total,
)

SECTORS = 1.3  # times as many as the elements fill
TURNS = 1.1  # times as many as without bank conflicts
TOLD = dict.fromkeys(("kind", "elements", "kept", "launches"), object)
WIDE = (128, 192)  # multiples of any tile's sides


def matrix(rng, shape):
    rows, columns = shape
    return shape, [float(number) for number in rng.sample(range(10**6), rows * columns)]


def transposed(shape, elements):
    rows, columns = shape
    return [elements[i * columns + j] for j in range(columns) for i in range(rows)]


@correctness
def test_any_shape(student, rng):
    """The matrix is transposed, whatever its shape."""
    shapes = [(1, 1), (64, 64), (1, 300), (300, 1), (33, 64), (rng.randrange(65, 95), rng.randrange(97, 127))]
    matrices = [matrix(rng, shape) for shape in shapes]
    calls = student.run("transposed", matrices=matrices).value
    for (shape, elements), told in answers(calls, TOLD, matrices):
        of_that = f"{shape[0]} rows and {shape[1]} columns"
        expect_ended(launch_reports(told["launches"]))
        expect(told["kind"], f"float32 array of shape {shape[::-1]}, row by row", f"the result for {of_that}")
        look_at = "where a thread's element begins its way, and where it ends"
        expect(told["elements"], transposed(shape, elements), f"the transposed of {of_that}", look_at)
        assert told["kept"], feedback("the matrix as it was", "its elements had changed")


@correctness
def test_nothing_to_transpose(student):
    """A matrix without rows becomes one without columns, and the other way around."""
    shapes = [(0, 5), (5, 0), (0, 0)]
    matrices = [(shape, []) for shape in shapes]
    for shape, told in answers(student.run("transposed", matrices=matrices).value, TOLD, shapes):
        kind = f"float32 array of shape {shape[::-1]}, row by row"
        expect(told["kind"], kind, f"the result for {shape[0]} rows and {shape[1]} columns", look_at="empty matrices")


@correctness
def test_the_kernel_does_the_work(student, stub, rng):
    """What `transpose` returns was written by the kernel."""
    expect_work(student, stub, [matrix(rng, (rng.randrange(65, 95), 45))])


@concurrency
def test_sound_accesses(student, stub, rng):
    """No thread accesses anything outside of the arrays, or too early."""
    shapes = [(40, 70), (rng.randrange(65, 95), 33), (2, 40)]
    expect_work(student, stub, [matrix(rng, shape) for shape in shapes], judged=expect_sound)


@speedup
def test_side_by_side(student, stub, rng):
    """The threads of a warp read and write memory side by side."""
    launches, elements = expect_work(student, stub, [matrix(rng, WIDE)]), WIDE[0] * WIDE[1]
    for writes, what in ((False, "read"), (True, "written")):
        moved = total(launches, "bytes", Space.GLOBAL, writes) // 4
        look_at = "which thread does which element"
        assert moved == elements, feedback(f"each of {elements:,} elements {what} once", f"{moved:,} were", look_at)
        expect_side_by_side(launches, SECTORS, writes)


@speedup(depends_on="test_side_by_side")
def test_no_bank_conflicts(student, stub, rng):
    """The lanes of a warp use different banks of shared memory."""
    launches = expect_work(student, stub, [matrix(rng, WIDE)])
    for writes in (True, False):
        expect_no_conflicts(launches, TURNS, writes)


def expect_work(student, stub, matrices, judged=expect_ended):
    """The reports of all launches; fails the check unless the kernel has transposed each matrix."""
    reports = []
    calls = student.run("records", matrices=matrices).value
    for (shape, elements), told in answers(calls, {"elements": object, "launches": object}, matrices):
        launches, wanted = run_again(stub, told["launches"]), transposed(shape, elements)
        expect_launched(launches.reports, "transpose")
        judged(launches.reports)
        expect(told["elements"], wanted, f"the transposed of {shape[0]} rows and {shape[1]} columns")
        expect_computed(launches, struct.pack(f"{len(wanted)}f", *wanted), "the transposed matrix")
        reports += launches.reports
    return reports
