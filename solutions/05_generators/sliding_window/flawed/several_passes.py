"""Goes through the input n times, which an iterator does not survive.

caught_by: test_every_run_of_n_is_a_window
verdict: fail
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    if n < 1:
        raise ValueError("n must be at least 1")
    yield from zip(*(islice(iterable, start, None) for start in range(n)))
