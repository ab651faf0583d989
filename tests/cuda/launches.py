"""How each kernel of `kernels/` is launched, and what it must compute where it computes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.cuda.reports import Index

from .bench import CopyIn, CopyOut

f, i32 = np.float32, np.int32
Array = np.ndarray[Any, Any]
rng = np.random.default_rng(1)


@dataclass(frozen=True)
class Planted:
    """One launch; `expected` is what its first output is compared with, if anything."""

    file: str
    kernel: str
    arguments: list[Any]
    block: Index
    grid: Index = (1, 1, 1)
    shared: int = 0
    constants: dict[str, Array] = field(default_factory=dict)
    expected: Array | None = None


def room(*shape: int) -> CopyOut:
    return CopyOut(np.zeros(shape, f))


def elementwise() -> list[Planted]:
    n, a, b = 5000, rng.random(5000, dtype=f), rng.random(5000, dtype=f)
    arguments = [room(n), CopyIn(a), CopyIn(b), i32(n)]
    return [
        Planted("elementwise", "vadd", arguments, (256, 1, 1), (20, 1, 1), expected=a + b),
        Planted("elementwise", "vadd_noguard", arguments, (256, 1, 1), (20, 1, 1)),
    ]


def matmul() -> list[Planted]:
    n = 64
    a, b = rng.random((n, n), dtype=f), rng.random((n, n), dtype=f)
    expected = {"mm_naive": a @ b, "mm_tiled": a @ b}
    return [
        Planted(
            "matmul",
            name,
            [room(n, n), CopyIn(a), CopyIn(b), i32(n)],
            (16, 16, 1),
            (4, 4, 1),
            expected=expected.get(name),
        )
        for name in ("mm_naive", "mm_tiled", "mm_tiled_nosync2", "mm_tiled_k1")
    ]


def transpose() -> list[Planted]:
    a = rng.random((128, 128), dtype=f)
    return [
        Planted("transpose", name, [room(128, 128), CopyIn(a), i32(128)], (32, 8, 1), (4, 4, 1), expected=right)
        for name, right in (("tr_naive", a.T), ("tr_tiled", a.T), ("tr_pad", a.T), ("tr_nosync", None))
    ]


def reduction() -> list[Planted]:
    n, block, grid = 4096, (256, 1, 1), (16, 1, 1)
    a = rng.random(n, dtype=f)
    parts, total = a.reshape(-1, 256).sum(1), np.array([a.sum()])
    in_blocks = [
        Planted("reduction", name, [room(16), CopyIn(a), i32(n)], block, grid, 1024, expected=right)
        for name, right in (
            *(("red_seq", parts), ("red_mod", parts)),
            *(("red_nosync", None), ("red_divsync", None), ("red_volatile", None)),
        )
    ]
    whole = CopyOut(np.zeros(1, f), filled=True)
    return [
        *in_blocks,
        Planted("reduction", "red_cross", [whole, CopyIn(a), i32(n)], block, grid, 1024),
        Planted("reduction", "red_shfl", [whole, CopyIn(a), i32(n)], block, grid, expected=total),
        Planted("reduction", "red_shfl_div", [whole, CopyIn(a), i32(n)], block, grid),
        Planted(
            "reduction", "red_lastblock", [room(1), room(16), CopyIn(a), i32(n)], block, grid, 1024, expected=total
        ),
    ]


def histogram() -> list[Planted]:
    n = 20000
    data = rng.integers(0, 256, n).astype(np.uint8)
    counts, bins = np.bincount(data, minlength=256), CopyOut(np.zeros(256, i32), filled=True)
    return [
        Planted("histogram", name, [bins, CopyIn(data), i32(n)], (256, 1, 1), (grid, 1, 1), expected=right)
        for name, grid, right in (
            *(("hist_race", 79, None), ("hist_atomic", 79, counts), ("hist_shared", 8, counts)),
            *(("hist_noinit", 8, None), ("hist_nosync", 8, None)),
        )
    ]


def scan() -> list[Planted]:
    n = 512
    a = rng.random((4, n), dtype=f)
    inclusive = np.cumsum(a, 1)
    exclusive = np.concatenate([np.zeros((4, 1)), inclusive[:, :-1]], 1)
    return [
        Planted("scan", name, [room(4, n), CopyIn(a), i32(n)], (threads, 1, 1), (4, 1, 1), 8 * n, expected=right)
        for name, threads, right in (("scan_hs", n, inclusive), ("scan_bl", n // 2, exclusive), ("scan_race", n, None))
    ]


def stencil() -> list[Planted]:
    n, block, grid = 4096, (256, 1, 1), (16, 1, 1)
    a, weights = rng.random(n, dtype=f), rng.random(7, dtype=f)
    padded = np.pad(a, 3)
    weighted = sum(weights[k] * padded[k : k + n] for k in range(7))
    mean = np.r_[a[0], (a[:-2] + a[1:-1] + a[2:]) / 3, a[-1]]
    of_n = [CopyIn(a), i32(n)]
    shared = 4 * (256 + 6)
    return [
        Planted("stencil", "sten", [room(n), *of_n], block, grid, shared, {"w": weights}, weighted),
        Planted("stencil", "sten_ok", [CopyOut(a, filled=True), *of_n], block, grid, expected=mean),
        Planted("stencil", "sten_oob", [CopyOut(a, filled=True), *of_n], block, grid),
        Planted("stencil", "sten_sh_oob", [room(n), *of_n], block, grid),
    ]


def various() -> list[Planted]:
    a, threads = rng.random(1024, dtype=f), np.arange(256)
    rotated = np.array([a[t * 8 + ((k + t) & 7)] for t in range(128) for k in range(8)])
    ballots = np.array([sum(int(a[32 * w + lane] > 0.5) << lane for lane in range(32)) for w in range(32)], np.uint32)
    one, four = (1, 1, 1), (4, 1, 1)
    turns = 10 * np.arange(64) + 4
    counts, flags = CopyOut(np.zeros(4, i32)), CopyOut(np.zeros(4, i32), filled=True)
    return [
        Planted("various", "with_template", [room(256), CopyIn(a)], (256, 1, 1), expected=a.reshape(-1, 4).sum(1)),
        Planted(
            "various",
            "early_return",
            [room(200), CopyIn(a[:200]), i32(200)],
            (256, 1, 1),
            expected=a[threads[:200] ^ 1],
        ),
        Planted("various", "barrier_in_both_branches", [room(64), CopyIn(a)], (64, 1, 1)),
        Planted("various", "nobody_wrote", [room(64), room(64)], (64, 1, 1)),
        Planted("various", "local_array", [room(1024), CopyIn(a)], (128, 1, 1), expected=rotated),
        Planted("various", "warp_in_step", [room(64), CopyIn(a)], (64, 1, 1), expected=a[threads[:64] ^ 1]),
        Planted("various", "warp_taken_to_be_in_step", [room(64), CopyIn(a)], (64, 1, 1)),
        Planted(
            "various",
            "flag",
            [CopyOut(np.zeros(1, i32), filled=True), CopyIn(a)],
            (256, 1, 1),
            four,
            expected=np.ones(1),
        ),
        Planted(
            "various", "ballot", [CopyOut(np.zeros(32, np.uint32)), CopyIn(a)], (256, 1, 1), four, expected=ballots
        ),
        Planted(
            "various",
            "atomic_maximum",
            [CopyOut(np.zeros(1, f), filled=True), CopyIn(a)],
            (256, 1, 1),
            four,
            expected=a.max(keepdims=True),
        ),
        Planted(
            "various",
            "sum_of_half_warps",
            [room(64), CopyIn(a)],
            (64, 1, 1),
            expected=np.repeat(a[:64].reshape(4, 16).sum(1), 16),
        ),
        Planted(
            "various",
            "shared_in_a_template",
            [room(64), CopyIn(a)],
            (32, 1, 1),
            (2, 1, 1),
            expected=np.tile(a[31::-1], 2),
        ),
        *(
            Planted("various", name, [counts, flags, CopyOut(np.zeros(4, i32))], one, four)
            for name in ("volatile_flags", "volatile_flags_without_a_fence")
        ),
        Planted("various", "race_in_a_template", [room(128), CopyIn(a)], (64, 1, 1), (2, 1, 1)),
        Planted("various", "every_kind_of_loop", [CopyOut(np.zeros(64, i32))], (64, 1, 1), one, expected=turns),
    ]


FAMILIES: list[Callable[[], list[Planted]]] = [
    *(elementwise, matmul, transpose, reduction, histogram, scan, stencil, various),
]
CASES = [case for family in FAMILIES for case in family()]
