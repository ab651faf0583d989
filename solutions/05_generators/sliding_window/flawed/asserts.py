"""States the condition with `assert`, which raises another exception (and none under `python -O`).

caught_by: test_n_below_1_raises
verdict: fail
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    assert n >= 1, "n must be at least 1"
    window = deque(maxlen=n)
    for item in iterable:
        window.append(item)
        if len(window) == n:
            yield tuple(window)
