"""Turns the input into a list first: an endless one is never done.

caught_by: test_no_more_is_taken_than_needed
verdict: fail
"""

from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    items = list(iterable)
    for start in range(len(items) - n + 1):
        yield tuple(items[start : start + n])
