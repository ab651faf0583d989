"""Fills the first window without a look at how many items came.

caught_by: test_short_input_gives_nothing
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    iterator = iter(iterable)
    window = deque(islice(iterator, n), maxlen=n)
    yield tuple(window)
    for item in iterator:
        window.append(item)
        yield tuple(window)
