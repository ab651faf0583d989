"""Takes the next item before it gives the window that is complete.

caught_by: test_no_more_is_taken_than_needed
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
    if len(window) == n:
        yield tuple(window)
