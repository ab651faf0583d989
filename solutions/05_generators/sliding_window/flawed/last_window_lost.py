"""Gives a window only when the item after it has come: there is none after the last.

caught_by: test_every_run_of_n_is_a_window
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
        if len(window) == n:
            yield tuple(window)
        window.append(item)
