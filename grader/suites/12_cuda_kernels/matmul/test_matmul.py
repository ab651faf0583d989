"""What `matmul` promises.

The student's process says what the function returns and what it launches. What launches do is seen in the stub's,
where they run again. All numbers are eighths, and few, so that sums are exact in any order.
"""

import struct

from grader.evidence import answers, concurrency, correctness, expect, feedback, speedup
from grader.evidence.kernels import (
    Space,
    expect_computed,
    expect_ended,
    expect_launched,
    expect_sound,
    launch_reports,
    run_again,
    total,
    worst,
)

SIXTEENTH = 1.15  # times as many sectors as tiles of 16 by 16 take
TOLD = dict.fromkeys(("kind", "elements", "kept", "launches"), object)
WIDE = (64, 128, 64)
EIGHTHS = [n / 8 for n in range(-32, 33) if n]


def pair(rng, sizes):
    m, k, n = sizes
    return ((m, k), rng.choices(EIGHTHS, k=m * k)), ((k, n), rng.choices(EIGHTHS, k=k * n))


def product(pair):
    ((m, k), a), ((_, n), b) = pair
    columns = [b[j::n] for j in range(n)]
    rows = [a[i * k : i * k + k] for i in range(m)]
    return [sum(map(float.__mul__, row, column)) for row in rows for column in columns]


@correctness
def test_any_shape(student, rng):
    """The product is right, whatever the shapes."""
    shapes = [(1, 1, 1), (32, 32, 32), (1, 150, 1), (50, 1, 35), (33, 64, 16)]
    shapes += [(rng.randrange(17, 31), rng.randrange(33, 47), rng.randrange(65, 79))]
    pairs = [pair(rng, sizes) for sizes in shapes]
    calls = student.run("products", pairs=pairs).value
    for (sizes, given), told in answers(calls, TOLD, [*zip(shapes, pairs, strict=True)]):
        m, _, n = sizes
        expect_ended(launch_reports(told["launches"]))
        expect(told["kind"], f"float32 array of shape {(m, n)}", f"the result for {shown(sizes)}")
        look_at = "which part of a row and a column each round adds, and what stands in tiles beyond the edges"
        expect(told["elements"], product(given), f"the product for {shown(sizes)}", look_at)
        assert told["kept"], feedback("a and b as they were", "one of them had changed")


@correctness
def test_nothing_to_multiply(student, rng):
    """A result without elements is empty, and sums without summands are 0."""
    shapes = [(0, 3, 4), (3, 4, 0), (3, 0, 2)]
    pairs = [pair(rng, sizes) for sizes in shapes]
    for sizes, told in answers(student.run("products", pairs=pairs).value, TOLD, shapes):
        m, _, n = sizes
        expect(told["kind"], f"float32 array of shape {(m, n)}", f"the result for {shown(sizes)}")
        expect(told["elements"], [0.0] * (m * n), f"the product for {shown(sizes)}", look_at="sums without summands")


@correctness
def test_the_kernel_does_the_work(student, stub, rng):
    """What `matmul` returns was computed by the kernel."""
    expect_work(student, stub, [(rng.randrange(17, 31), 40, 21)], rng)


@concurrency
def test_sound_accesses(student, stub, rng):
    """No thread accesses anything outside of the arrays, or too early, or too late."""
    expect_work(student, stub, [(33, rng.randrange(65, 79), 18), (16, 35, 64), (35, 32, 40)], rng, judged=expect_sound)


@speedup
def test_a_sixteenth(student, stub, rng):
    """What is loaded from global memory is used by a whole block."""
    m, k, n = WIDE
    launches = expect_work(student, stub, [WIDE], rng)
    most = SIXTEENTH * (2 * m * n * k / 16) / 8
    sectors = total(launches, "sectors", Space.GLOBAL, writes=False)
    assert sectors <= most, feedback(
        f"at most {most:,.0f} sectors loaded for {shown(WIDE)}",
        f"{sectors:,}",
        look_at=worst(launches, Space.GLOBAL, writes=False),
        loaded_sectors=sectors,
    )


def expect_work(student, stub, shapes, rng, judged=expect_ended):
    """The reports of all launches; fails the check unless the kernel has computed the product of each pair."""
    reports = []
    pairs = [pair(rng, sizes) for sizes in shapes]
    calls = student.run("records", pairs=pairs).value
    for (sizes, given), told in answers(
        calls, {"elements": object, "launches": object}, [*zip(shapes, pairs, strict=True)]
    ):
        launches, wanted = run_again(stub, told["launches"]), product(given)
        expect_launched(launches.reports, "matmul")
        judged(launches.reports)
        expect(told["elements"], wanted, f"the product for {shown(sizes)}")
        expect_computed(launches, struct.pack(f"{len(wanted)}f", *wanted), "the product")
        reports += launches.reports
    return reports


def shown(sizes):
    return "m = {}, k = {}, n = {}".format(*sizes)
