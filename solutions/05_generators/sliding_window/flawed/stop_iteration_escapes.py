"""Lets the StopIteration of `next` out of its own body, where it becomes a RuntimeError.

caught_by: test_short_input_gives_nothing
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    iterator = iter(iterable)
    window = deque(maxlen=n)
    for _ in range(n):
        window.append(next(iterator))
    yield tuple(window)
    for item in iterator:
        window.append(item)
        yield tuple(window)
