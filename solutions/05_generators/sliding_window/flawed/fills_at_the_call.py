"""Takes the first n items at the call, when nobody has asked for a window.

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
    start = tuple(islice(iterator, n))

    def windows():
        window = deque(start, maxlen=n)
        if len(window) == n:
            yield tuple(window)
        for item in iterator:
            window.append(item)
            yield tuple(window)

    return windows()
