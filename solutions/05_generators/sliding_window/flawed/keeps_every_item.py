"""Never lets go of an item: the list grows with the input.

caught_by: test_memory_stays_constant
verdict: fail
"""

from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    items = []
    for item in iterable:
        items.append(item)
        if len(items) >= n:
            yield tuple(items[-n:])
