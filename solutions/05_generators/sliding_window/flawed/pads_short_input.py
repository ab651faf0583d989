"""Fills up a short input with None to make a window of it.

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
    count = 0
    for item in iterable:
        window.append(item)
        count += 1
        if count >= n:
            yield tuple(window)
    if 0 < count < n:
        yield (*window, *[None] * (n - count))
