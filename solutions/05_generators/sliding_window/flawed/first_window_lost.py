"""Fills the first window and moves on before giving it.

caught_by: test_every_run_of_n_is_a_window
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
    for item in iterator:
        window.append(item)
        yield tuple(window)
