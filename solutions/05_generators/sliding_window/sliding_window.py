"""All windows of n neighboring items of an input, one after another."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """Give every run of `n` neighboring items of `iterable` as a tuple, in order.

    A window is given as soon as its last item has been taken; the item before its first has dropped out by then.

    Raises:
        ValueError: if `n` is less than 1; when the first window is asked for.
    """
    if n < 1:
        raise ValueError(f"a window holds at least 1 item, not {n}")
    window: deque[Any] = deque(maxlen=n)
    for item in iterable:
        window.append(item)
        if len(window) == n:
            yield tuple(window)
