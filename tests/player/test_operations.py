"""A loop of Python's is seen wherever it hides, and what NumPy does by itself is one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.player.operations import counted

N = 1_000
VALUES = np.arange(float(N))


def stepping() -> Iterator[float]:
    yield from (value for value in VALUES)


def same(value: float) -> float:
    return value


def while_loop() -> None:
    left = N
    while left:
        left -= 1


def with_changed_frame() -> None:
    """Student code can reach the frame of a generator that waits, and so what traces it."""

    def loops() -> Iterator[None]:
        yield
        for _ in VALUES:
            pass

    generator: Any = loops()
    next(generator)
    generator.gi_frame.f_trace, generator.gi_frame.f_trace_lines = None, False
    for _ in generator:
        pass


LOOPS: dict[str, Callable[[], object]] = {
    "for": lambda: [value + 1 for value in VALUES],
    "while": while_loop,
    "generator": lambda: sum(stepping()),
    "map": lambda: [*map(same, VALUES)],
    "vectorize": lambda: np.vectorize(same)(VALUES),
    "frompyfunc": lambda: np.frompyfunc(lambda one, other: one, 2, 1).accumulate(VALUES.astype(object)),
    "apply_along_axis": lambda: np.apply_along_axis(np.max, 1, VALUES[:, None]),
    "fromiter": lambda: np.fromiter((value for value in VALUES), float),
    "exec": lambda: exec("for value in values: pass", {"values": VALUES}),
    "sort key": lambda: sorted(VALUES, key=lambda value: value),
    "changed frame": with_changed_frame,
}
FEW: dict[str, Callable[[], object]] = {
    "reduction": VALUES.max,
    "accumulation": lambda: np.maximum.accumulate(VALUES.reshape(-1, 10), axis=1),
    "windows": lambda: np.lib.stride_tricks.sliding_window_view(VALUES, 9).max(axis=1),
    "masks": lambda: np.where(np.isnan(VALUES), 0, VALUES),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_is_seen(loop: str) -> None:
    assert counted(LOOPS[loop])[1] >= N


@pytest.mark.parametrize("work", FEW)
def test_work_on_whole_arrays_takes_few_steps(work: str) -> None:
    assert counted(FEW[work])[1] < N / 5


def test_the_value_is_returned_and_the_same_number_of_steps_told_each_time() -> None:
    value, steps = counted(lambda: 1 + 1)
    assert (value, steps) == (2, counted(lambda: 1 + 1)[1])


def test_an_exception_comes_out_and_nothing_is_counted_from_then_on() -> None:
    with pytest.raises(ZeroDivisionError):
        counted(lambda: 1 / 0)
    assert counted(lambda: None)[1] < 10
