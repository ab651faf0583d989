"""Gives what there is before the first window is complete.

caught_by: test_short_input_gives_nothing
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    window = deque(maxlen=n)
    for item in iterable:
        window.append(item)
        yield tuple(window)
