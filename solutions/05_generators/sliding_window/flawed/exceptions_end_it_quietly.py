"""Catches every exception of the input, and takes it for the end.

caught_by: test_exception_of_the_input_comes_out
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
    while True:
        try:
            window.append(next(iterator))
        except Exception:
            return
        if len(window) == n:
            yield tuple(window)
