"""Takes items by hand into a list, and cuts off its head when it has grown to twice what is needed."""

from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """Give every run of `n` neighboring items of `iterable` as a tuple, in order."""
    iterator = iter(iterable)
    if n < 1:
        raise ValueError("n < 1")
    buffer: list[Any] = []
    while True:
        try:
            buffer.append(next(iterator))
        except StopIteration:
            return
        if len(buffer) >= n:
            yield tuple(buffer[-n:])
        if len(buffer) >= 2 * n:
            del buffer[:-n]
