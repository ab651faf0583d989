"""Refuses negative numbers only: n = 0 gives an empty window for each item.

caught_by: test_n_below_1_raises
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 0:
        raise ValueError("n must not be negative")
    window = deque(maxlen=n)
    for item in iterable:
        window.append(item)
        if len(window) == n:
            yield tuple(window)
