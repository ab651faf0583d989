"""Takes a None in the window for a place that is not yet filled.

caught_by: test_any_item_and_any_input
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    window = deque([None] * n, maxlen=n)
    for item in iterable:
        window.append(item)
        if None not in window:
            yield tuple(window)
