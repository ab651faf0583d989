"""No generator function: n readers of the same input, each one item ahead of the one before, zipped."""

from collections.abc import Iterable, Iterator
from itertools import islice, tee
from typing import Any


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """Give every run of `n` neighboring items of `iterable` as a tuple, in order."""
    if n < 1:
        raise ValueError("n must be at least 1")
    readers = tee(iterable, n)
    return zip(*(islice(reader, ahead, None) for ahead, reader in enumerate(readers)), strict=False)
