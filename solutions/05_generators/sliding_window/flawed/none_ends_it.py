"""Takes an item that is None for the end of the input.

caught_by: test_any_item_and_any_input
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
    while (item := next(iterator, None)) is not None:
        window.append(item)
        if len(window) == n:
            yield tuple(window)
