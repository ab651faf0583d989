"""Takes n items at a time, and gives n windows of them.

caught_by: test_no_more_is_taken_than_needed
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
    window = deque(maxlen=n)
    while block := tuple(islice(iterator, n)):
        for item in block:
            window.append(item)
            if len(window) == n:
                yield tuple(window)
