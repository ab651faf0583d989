"""Starts each window after the last one: blocks, which do not overlap.

caught_by: test_every_run_of_n_is_a_window
verdict: fail
"""

from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    window = []
    for item in iterable:
        window.append(item)
        if len(window) == n:
            yield tuple(window)
            window = []
