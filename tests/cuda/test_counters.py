"""What a kernel's memory traffic costs is counted as theory says, for each of the patterns that textbooks warn of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader.cuda.reports import LaunchReport, Space, Traffic

from .bench import BenchDevice, CopyIn, CopyOut
from .launches import CASES, f, i32

Where = Callable[[Traffic], bool]


def loads(traffic: Traffic) -> bool:
    return traffic.space is Space.GLOBAL and not traffic.writes


def stores(traffic: Traffic) -> bool:
    return traffic.space is Space.GLOBAL and traffic.writes


def in_shared(traffic: Traffic) -> bool:
    return traffic.space is Space.SHARED


def total(report: LaunchReport, what: str, where: Where) -> int:
    return sum(int(getattr(traffic, what)) for traffic in report.traffic if where(traffic))


def per_request(report: LaunchReport, what: str, where: Where) -> float:
    return total(report, what, where) / total(report, "requests", where)


def copied(checked: BenchDevice, kernel: str, *arguments: object) -> LaunchReport:
    """2,048 threads, each of which copies one element."""
    source = np.ones(1 << 17, f)
    out = CopyOut(np.zeros(8192, f))
    ran = checked.run("elementwise", kernel, [out, CopyIn(source), *arguments], (256, 1, 1), (8, 1, 1))
    assert ran.report is not None
    return ran.report


@pytest.mark.parametrize(("stride", "sectors"), [(1, 4), (2, 8), (4, 16), (8, 32), (32, 32)])
def test_a_stride_takes_a_sector_for_each_32_bytes_it_touches(stride: int, sectors: int, checked: BenchDevice) -> None:
    report = copied(checked, "copy_stride", i32(stride))
    assert (per_request(report, "sectors", loads), per_request(report, "sectors", stores)) == (sectors, 4)


@pytest.mark.parametrize(("offset", "sectors"), [(0, 4), (1, 5), (8, 4), (9, 5)])
def test_what_is_not_aligned_takes_one_sector_more(offset: int, sectors: int, checked: BenchDevice) -> None:
    assert per_request(copied(checked, "copy_off", i32(offset)), "sectors", loads) == sectors


@pytest.mark.parametrize(("kernel", "sectors"), [("bcast", 1), ("aos", 16), ("copy4", 16)])
def test_other_patterns(kernel: str, sectors: int, checked: BenchDevice) -> None:
    assert per_request(copied(checked, kernel), "sectors", loads) == sectors


def report_of(kernel: str, checked: BenchDevice) -> LaunchReport:
    case = next(case for case in CASES if case.kernel == kernel)
    ran = checked.run(case.file, case.kernel, case.arguments, case.block, case.grid, case.shared, case.constants)
    assert ran.report is not None
    return ran.report


@pytest.mark.parametrize(
    ("kernel", "loads_an_output", "sectors"), [("mm_naive", 2 * 64, 2), ("mm_tiled", 2 * 64 / 16, 4)]
)
def test_tiles_divide_the_loads_of_a_product(
    kernel: str, loads_an_output: float, sectors: int, checked: BenchDevice
) -> None:
    report = report_of(kernel, checked)
    assert total(report, "lanes", loads) / 64**2 == loads_an_output
    assert per_request(report, "sectors", loads) == sectors


@pytest.mark.parametrize(
    ("kernel", "sectors", "wavefronts"), [("tr_naive", 32, 0), ("tr_tiled", 4, 32), ("tr_pad", 4, 1)]
)
def test_a_transpose_is_scattered_or_conflicts_or_is_padded(
    kernel: str, sectors: int, wavefronts: int, checked: BenchDevice
) -> None:
    report = report_of(kernel, checked)
    assert per_request(report, "sectors", stores) == sectors
    reads = [traffic for traffic in report.traffic if traffic.space is Space.SHARED and not traffic.writes]
    assert [traffic.wavefronts / traffic.requests for traffic in reads] == [wavefronts] * bool(wavefronts)


def test_lanes_that_are_next_to_each_other_share_requests(checked: BenchDevice) -> None:
    lanes = {kernel: per_request(report_of(kernel, checked), "lanes", in_shared) for kernel in ("red_mod", "red_seq")}
    assert lanes["red_mod"] < 9
    assert lanes["red_seq"] > 22


def test_atomics_on_one_address_are_counted(checked: BenchDevice) -> None:
    everybody = [CopyOut(np.zeros(256, i32), filled=True), CopyIn(np.zeros(512, np.uint8)), i32(512)]
    ran = checked.run("histogram", "hist_atomic", everybody, (256, 1, 1), (2, 1, 1))
    assert ran.report is not None
    (atomics,) = [traffic for traffic in ran.report.traffic if traffic.atomic]
    assert (atomics.requests, atomics.same_address) == (16, 16 * 32)


def test_the_most_expensive_request_is_shown(checked: BenchDevice) -> None:
    (traffic,) = [traffic for traffic in copied(checked, "copy_stride", i32(8)).traffic if loads(traffic)]
    assert traffic.shown == {lane: 32 * lane for lane in range(32)}


def test_requests_of_lanes_that_run_apart_are_those_of_lockstep(checked: BenchDevice) -> None:
    """A ray marcher: counted again here, step by step, with all lanes of a warp together."""
    side, width = 32, 64
    volume = np.random.default_rng(2).random((side,) * 3, dtype=f)
    cosine, sine, step = f(np.cos(0.4)), f(np.sin(0.4)), f(0.5)
    size = i32(width)
    arguments = [CopyOut(np.zeros((width, width), f)), size, size, CopyIn(volume), i32(side), cosine, sine, step]
    ran = checked.run("ray_march", "mip", arguments, (16, 16, 1), (4, 4, 1))
    assert ran.report is not None
    of_volume = [traffic for traffic in ran.report.traffic if loads(traffic)]
    counted = sum(t.requests for t in of_volume), sum(t.sectors for t in of_volume)
    assert counted == in_lockstep(side, width, cosine, sine, step)


def in_lockstep(side: int, width: int, cosine: np.float32, sine: np.float32, step: np.float32) -> tuple[int, int]:
    """Requests and sectors: eight corners of a cell for each step, a warp of two rows of sixteen pixels at a time."""
    y, x = np.mgrid[0:width, 0:width]
    n, reach = f(side), f(0.87)
    u, v = ((x + f(0.5)) / f(width) - f(0.5)).astype(f), ((y + f(0.5)) / f(width) - f(0.5)).astype(f)
    begin = [(u * cosine + reach * sine + f(0.5)) * n, (v + f(0.5)) * n, (-u * sine + reach * cosine + f(0.5)) * n]
    direction = [-sine, f(0), -cosine]
    warp = (y // 16 * 4 + x // 16) * 8 + y % 16 // 2
    corners = [a + b + c for a in (0, side * side) for b in (0, side) for c in (0, 1)]
    requests = sectors = 0
    t = f(0)
    while t < f(2) * reach * n:
        cell = [np.floor((o + d * t - f(0.5)).astype(f)).astype(int) for o, d in zip(begin, direction, strict=True)]
        inside = np.logical_and.reduce([(c >= 0) & (c < side - 1) for c in cell])
        base = (cell[2] * side + cell[1]) * side + cell[0]
        for one in np.unique(warp[inside]):
            own = base[inside & (warp == one)]
            requests += len(corners)
            sectors += sum(len(np.unique((own + corner) * 4 // 32)) for corner in corners)
        t = f(t + step)
    return requests, sectors
