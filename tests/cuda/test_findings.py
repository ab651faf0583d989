"""Every planted bug is found, with its kind and line; nothing is found where nothing is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from grader.cuda.device import EngineDevice
from grader.cuda.reports import Cause, FindingKind, Space, essential

from .bench import KERNELS, BenchDevice, CopyIn, CopyOut, planted, source_of
from .launches import CASES, Planted, f, i32

EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kernel)
ENDS_THE_LAUNCH = {"vadd_noguard", "sten_oob"}


@EACH
def test_what_is_planted_is_found_and_nothing_else(case: Planted, checked: BenchDevice) -> None:
    ran = checked.run(case.file, case.kernel, case.arguments, case.block, case.grid, case.shared, case.constants)
    assert ran.report is not None
    found = essential(ran.report.findings)
    wanted = planted(case.file, case.kernel)
    assert {finding.kind.name for finding in found} == {kind for kind, _ in wanted}
    for kind, line in wanted:
        assert any(finding.kind.name == kind and line in [p.line for p in finding.parties] for finding in found)
    assert (ran.failure is not None) == (case.kernel in ENDS_THE_LAUNCH)
    if case.expected is not None:
        np.testing.assert_allclose(ran.outputs[0], case.expected, rtol=1e-4, atol=1e-5)


@EACH
def test_the_fast_build_computes_the_same(case: Planted, fast: BenchDevice) -> None:
    ran = fast.run(case.file, case.kernel, case.arguments, case.block, case.grid, case.shared, case.constants)
    assert (ran.failure is not None) == (case.kernel in ENDS_THE_LAUNCH)
    if case.expected is not None:
        np.testing.assert_allclose(ran.outputs[0], case.expected, rtol=1e-4, atol=1e-5)


def test_a_race_names_both_threads_and_the_element(checked: BenchDevice) -> None:
    a = np.ones(64, f)
    ran = checked.run("various", "warp_taken_to_be_in_step", [CopyOut(np.zeros(64, f)), CopyIn(a)], (64, 1, 1))
    assert ran.report is not None
    race = next(finding for finding in ran.report.findings if finding.kind is FindingKind.RACE_IN_BLOCK)
    assert race.first is not None
    assert (race.first.thread, race.then.thread) == ((0, 0, 0), (1, 0, 0))
    assert (race.space, race.buffer, race.offset // race.size, race.buffer_size) == (Space.SHARED, "s", 1, 256)


def test_an_access_outside_says_how_far(checked: BenchDevice) -> None:
    a = np.ones(4096, f)
    ran = checked.run("stencil", "sten_oob", [CopyOut(a, filled=True), CopyIn(a), i32(4096)], (256, 1, 1), (16, 1, 1))
    assert ran.report is not None
    (finding,) = ran.report.findings
    assert (finding.offset - finding.buffer_size, finding.size, finding.then.thread) == (0, 4, (255, 0, 0))


def test_dynamic_shared_memory_ends_where_the_launch_says(checked: BenchDevice) -> None:
    a, weights = np.ones(4096, f), np.ones(7, f)
    arguments = [CopyOut(np.zeros(4096, f)), CopyIn(a), i32(4096)]
    ran = checked.run("stencil", "sten", arguments, (256, 1, 1), (16, 1, 1), 4 * (256 + 5), {"w": weights})
    assert ran.report is not None
    assert {(finding.kind, finding.buffer) for finding in ran.report.findings} == {(FindingKind.OUT_OF_BOUNDS, "s")}


def test_warps_that_wait_for_each_other_go_on(checked: BenchDevice) -> None:
    ran = checked.run("various", "warps_wait_for_each_other", [CopyOut(np.zeros(64, i32))], (64, 1, 1))
    assert ran.failure is None
    assert (ran.outputs[0] == 2).all()


@pytest.mark.parametrize(
    ("kernel", "arguments", "cause", "text"),
    [
        ("endless", [CopyOut(np.zeros(1, i32), filled=True)], Cause.ENDLESS, "while (o[0] >= 0)"),
        ("hungry", [CopyOut(np.zeros(1, f)), i32(3)], Cause.STACK_OVERFLOW, ""),
        ("divides_by", [CopyOut(np.zeros(1, i32)), i32(0)], Cause.DIVISION_BY_ZERO, "7 / n"),
        ("gives_up", [CopyOut(np.zeros(1, i32)), i32(2)], Cause.TRAP, "__trap()"),
        ("gives_up", [CopyOut(np.zeros(1, i32)), i32(1)], Cause.ASSERTION, "assert("),
    ],
)
def test_a_launch_that_fails_says_why_and_where(
    kernel: str, arguments: list[object], cause: Cause, text: str, checked: BenchDevice
) -> None:
    ran = checked.run("various", kernel, arguments, (1, 1, 1))
    assert ran.failure is not None
    assert ran.failure.cause is cause
    source = (KERNELS / "various.cu").read_text().splitlines()
    assert text in source[ran.failure.line - 1] if text else ran.failure.line == 0


@pytest.mark.parametrize("kernel", ["hungry", "divides_by", "gives_up"])
def test_the_fast_build_survives_what_fails(kernel: str, fast: BenchDevice) -> None:
    for argument in (0, 2):
        fast.run("various", kernel, [CopyOut(np.zeros(1, i32)), i32(argument)], (1, 1, 1))
    ran = fast.run("various", "local_array", [CopyOut(np.zeros(1024, f)), CopyIn(np.ones(1024, f))], (128, 1, 1))
    assert ran.failure is None


def test_modules_share_no_variables(checked: BenchDevice) -> None:
    """Inline functions of the same name have a shared array each."""
    body = "void f(float *o) { __shared__ float s[32]; s[threadIdx.x] = 1; __syncthreads(); o[threadIdx.x] = s[31]; }"
    kernel = "__global__ void k(float *o) { f(o); }"
    for prefix in ("__forceinline__ __device__", "__device__ __forceinline__", "__device__ inline"):
        ran = EngineDevice.run(checked, f"{prefix} {body} {kernel}", "k", [CopyOut(np.zeros(32, f))], (32, 1, 1))
        assert ran.report is not None
        assert ran.report.findings == []


@pytest.mark.parametrize(("backward", "order"), [(False, [0, 1, 2, 3, 4, 5]), (True, [5, 4, 3, 2, 1, 0])])
def test_blocks_run_in_either_order(backward: bool, order: list[int], checked: BenchDevice) -> None:
    engine = checked.engine
    counter, arrived = engine.allocate(4), engine.allocate(24)
    engine.fill(counter, bytes(4), 1)
    values = [address.to_bytes(8, "little") for address in (counter, arrived)]
    checked.module(source_of("various")).function("order_of_arrival").launch(values, (3, 2, 1), (1, 1, 1), 0, backward)
    found = np.empty(6, i32)
    engine.copy(found.ctypes.data, arrived, found.nbytes)
    assert found.tolist() == order
