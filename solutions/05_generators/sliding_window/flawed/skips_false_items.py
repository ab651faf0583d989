"""Asks whether the item is true: zeros and empty texts are lost.

caught_by: test_any_item_and_any_input
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
        if item:
            window.append(item)
            if len(window) == n:
                yield tuple(window)
