"""Looks at n only when the first item has been taken.

caught_by: test_n_below_1_raises
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    window = deque(maxlen=max(n, 1))
    for item in iterable:
        if n < 1:
            raise ValueError("n must be at least 1")
        window.append(item)
        if len(window) == n:
            yield tuple(window)
