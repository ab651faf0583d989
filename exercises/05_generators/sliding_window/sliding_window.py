"""All windows of n neighboring items of an input, one after another. The rules are in README.md."""

from collections.abc import Iterable, Iterator
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """Give every run of `n` neighboring items of `iterable` as a tuple, in order.

    Nothing is taken from `iterable` before the first window is asked for, and then no more than each window needs.
    Fewer than `n` items give no window.

    Raises:
        ValueError: if `n` is less than 1; at the call, or when the first window is asked for.
    """
    raise NotImplementedError
