"""The call checks its arguments and hands on to an inner generator, which makes each window from the last one."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """Give every run of `n` neighboring items of `iterable` as a tuple, in order."""
    if n < 1:
        raise ValueError(f"n is {n}, and must be at least 1")

    def windows() -> Iterator[tuple[Any, ...]]:
        iterator = iter(iterable)
        window = tuple(islice(iterator, n))
        if len(window) < n:
            return
        yield window
        for item in iterator:
            window = (*window[1:], item)
            yield window

    return windows()
