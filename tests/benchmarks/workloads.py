"""What the exercises of topic 12 are run with on a GPU: inputs, NumPy's results, and the least that they cost."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.catalogue import Exercise

f, i32 = np.float32, np.int32
Call = Callable[[ModuleType], np.ndarray]


@dataclass(frozen=True)
class Workload:
    """`call` runs a solution; `bytes_moved` and `operations` are the least that any solution needs on a GPU.

    `expected` is what NumPy has, but for what takes it too long.
    """

    call: Call
    expected: Callable[[], np.ndarray] | None
    bytes_moved: float
    operations: float
    within: float = 0.0


def workloads(small: bool) -> dict[str, Workload]:
    """By exercise. Small ones take the engine on the CPU a second; large ones fill a GPU."""
    random, makers = np.random.default_rng(1), (_add, _transpose, _matmul, _sum, _histogram, _scan, _stencil, _render)
    return dict(maker(random, small) for maker in makers)


def load(exercise: Exercise, file: Path) -> ModuleType:
    """A solution as a module; what the exercise gives along must be importable."""
    spec = importlib.util.spec_from_file_location(f"{exercise.name}_{file.stem}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Named = tuple[str, Workload]


def _add(random: np.random.Generator, small: bool) -> Named:
    a, b = (random.integers(-99, 99, 1 << (14 if small else 26)).astype(f) for _ in "ab")
    return "vector_add", Workload(lambda it: it.add(a, b), lambda: a + b, 3 * a.nbytes, a.size)


def _transpose(random: np.random.Generator, small: bool) -> Named:
    a = random.random((96, 160) if small else (8192, 8192), dtype=f)
    return "transpose", Workload(lambda it: it.transpose(a), lambda: a.T, 2 * a.nbytes, 0)


def _matmul(random: np.random.Generator, small: bool) -> Named:
    n = 64 if small else 4096
    a, b = (random.integers(-8, 9, (n, n)).astype(f) / 8 for _ in "ab")
    return "matmul", Workload(lambda it: it.matmul(a, b), lambda: a @ b, 3 * a.nbytes, 2 * n**3)


def _sum(random: np.random.Generator, small: bool) -> Named:
    a = random.integers(-8, 9, 1 << (14 if small else 26)).astype(f)
    return "reduction", Workload(
        lambda it: np.array(it.reduce_sum(a)), lambda: a.sum(dtype=np.float64), a.nbytes, a.size
    )


def _histogram(random: np.random.Generator, small: bool) -> Named:
    data = random.integers(0, 256, 1 << (14 if small else 28), dtype=np.uint8)

    def counts() -> np.ndarray:
        return np.bincount(data, minlength=256)

    return "histogram", Workload(lambda it: it.histogram(data, 256), counts, data.nbytes, data.size)


def _scan(random: np.random.Generator, small: bool) -> Named:
    a = random.integers(0, 9, 1 << (14 if small else 26)).astype(i32)

    def sums() -> np.ndarray:
        return np.cumsum(a, dtype=i32) - a

    return "prefix_scan", Workload(lambda it: it.exclusive_scan(a), sums, 2 * a.nbytes, a.size)


def _stencil(random: np.random.Generator, small: bool) -> Named:
    a = random.integers(-99, 99, (96, 96) if small else (8192, 8192)).astype(f)

    def sums() -> np.ndarray:
        wide = np.pad(a, 1)
        return np.asarray(a / 2 + (wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]) / 8)

    return "stencil", Workload(lambda it: it.stencil(a), sums, 2 * a.nbytes, 6 * a.size)


def _render(random: np.random.Generator, small: bool) -> Named:
    """The rays of the pixels go through the whole volume, half a point apart."""
    n, pixels = (16, 32) if small else (512, 1024)
    volume = random.random((n, n, n), dtype=f)
    middle, distance = (n - 1) / 2, 8.0 * n
    opening = n / 2 / distance
    camera = np.array([[middle, middle, middle - distance], [0, 0, 1], [opening, 0, 0], [0, opening, 0]], f)
    samples = 2 * n * pixels**2
    cost = volume.nbytes + 4 * pixels**2, 30 * samples  # seven interpolations, with their weights, and the point

    def call(it: Any) -> np.ndarray:
        return np.asarray(it.maximum(volume, camera, pixels, pixels))

    return "volume_render", Workload(call, None, *cost, within=1e-3)


def agree(result: np.ndarray, wanted: np.ndarray, within: float) -> bool:
    """Equal, or as close as is allowed of a result that has been rounded on its way."""
    one, other = np.asarray(result, np.float64), np.asarray(wanted, np.float64)
    return one.shape == other.shape and bool(np.abs(one - other).max() <= within)
