"""Keeps the items in a default argument, which is made once: all windows share it.

caught_by: test_two_by_turns
verdict: fail
"""

from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int, window: list[Any] = []) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    window.clear()
    for item in iterable:
        window.append(item)
        del window[:-n]
        if len(window) == n:
            yield tuple(window)
