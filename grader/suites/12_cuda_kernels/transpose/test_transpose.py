"""What `transpose` promises. All of it runs in the build that sees every access of every thread."""

from grader.evidence import concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    excess,
    expect_ended,
    expect_launched,
    expect_sound,
    launch_reports,
    total,
    worst,
)

SECTORS = 1.3  # times as many as the elements fill
TURNS = 1.1  # times as many as without bank conflicts
WIDE = (128, 192)  # multiples of any tile's sides


def matrix(rng, shape):
    rows, columns = shape
    return shape, [float(number) for number in rng.sample(range(10**6), rows * columns)]


def transposed(shape, elements):
    rows, columns = shape
    return [elements[i * columns + j] for j in range(columns) for i in range(rows)]


@correctness(points=2.5)
def test_any_shape(student, rng):
    """The matrix is transposed, whatever its shape."""
    shapes = [(1, 1), (64, 64), (1, 300), (300, 1), (33, 64), (rng.randrange(65, 95), rng.randrange(97, 127))]
    matrices = [matrix(rng, shape) for shape in shapes]
    for (shape, elements), told in zip(matrices, student.run("transposed", matrices=matrices).value, strict=True):
        kind = f"float32 array of shape {shape[::-1]}, row by row"
        expect_ended(launch_reports(told["launches"]))
        expect(told["kind"], kind, f"the result for {shape[0]} rows and {shape[1]} columns")
        expect(
            told["elements"],
            transposed(shape, elements),
            f"the transposed of {shape[0]} rows and {shape[1]} columns",
            look_at="where a thread's element begins its way, and where it ends",
        )
        assert told["kept"], feedback("the matrix as it was", "its elements had changed")


@correctness(points=0.5)
def test_nothing_to_transpose(student):
    """A matrix without rows becomes one without columns, and the other way around."""
    shapes = [(0, 5), (5, 0), (0, 0)]
    for shape, told in zip(
        shapes, student.run("transposed", matrices=[(shape, []) for shape in shapes]).value, strict=True
    ):
        kind = f"float32 array of shape {shape[::-1]}, row by row"
        expect(told["kind"], kind, f"the result for {shape[0]} rows and {shape[1]} columns", look_at="empty matrices")


@correctness(points=1)
def test_the_kernel_does_the_work(student, rng):
    """`transpose` launches the kernel once, and the kernel transposes."""
    shape, elements = matrix(rng, (70, 45))
    _, others = matrix(rng, shape)
    told = student.run("launched_again", shape=shape, elements=elements, others=others).value
    launches = expect_launched(launch_reports(told["launches"]), "transpose")
    assert len(launches) == 1, feedback("a single launch of the kernel", "more than one")
    expect(
        told["again"][0],
        transposed(shape, others),
        "the transposed of other elements, from your kernel with the grid and block of your launch",
        look_at="what the kernel does, and what is done after it",
    )


@concurrency(points=3)
def test_sound_accesses(student, rng):
    """No thread accesses anything outside of the arrays, or too early."""
    shapes = [(40, 70), (rng.randrange(65, 95), 33), (1, 40)]
    matrices = [matrix(rng, shape) for shape in shapes]
    for (_, elements), told in zip(matrices, student.run("transposed", matrices=matrices).value, strict=True):
        launches = expect_launched(launch_reports(told["launches"]), "transpose")
        expect_sound(launches)
        written = total(launches, "lanes", Space.GLOBAL, writes=True)
        assert written >= len(elements), feedback(f"{len(elements):,} elements written", f"{written:,}")


@speedup(points=1.5)
def test_side_by_side(student, rng):
    """The threads of a warp read and write memory side by side."""
    launches, elements = launched(student, rng)
    for writes, what in ((False, "read"), (True, "written")):
        moved = total(launches, "bytes", Space.GLOBAL, writes) // 4
        assert elements <= moved <= 1.01 * elements, feedback(
            f"each of {elements:,} elements {what} once",
            f"{moved:,} were {what}",
            look_at="which thread does which element",
        )
        sectors = excess(launches, "sectors", Space.GLOBAL, writes)
        assert sectors <= SECTORS, feedback(
            f"at most {SECTORS} times as many sectors {what} as the elements fill",
            f"{sectors:.1f} times as many",
            look_at=worst(launches, Space.GLOBAL, writes),
            excess_of_sectors=sectors,
        )


@speedup(points=1.5, depends_on="test_side_by_side")
def test_no_bank_conflicts(student, rng):
    """The lanes of a warp use different banks of shared memory."""
    launches, _ = launched(student, rng)
    for writes, what in ((True, "written"), (False, "read")):
        turns = excess(launches, "wavefronts", Space.SHARED, writes)
        assert turns <= TURNS, feedback(
            f"shared memory {what} with at most {TURNS} times as many turns as without bank conflicts",
            f"{turns:.1f} times as many",
            look_at=worst(launches, Space.SHARED, writes),
            excess_of_turns=turns,
        )


def launched(student, rng):
    """The launches for a large matrix, and how many elements that has; fails the check unless it was transposed."""
    shape, elements = matrix(rng, WIDE)
    (told,) = student.run("transposed", matrices=[(shape, elements)]).value
    expect(told["elements"], transposed(shape, elements), "a transposed matrix, also when sectors are counted")
    return expect_launched(launch_reports(told["launches"]), "transpose"), len(elements)
