"""An iterator class with a ring of n places: the oldest item's place is the next one's."""

from collections.abc import Iterable, Iterator
from typing import Any


class _Windows(Iterator[tuple[Any, ...]]):
    def __init__(self, iterable: Iterable[Any], n: int) -> None:
        if n < 1:
            raise ValueError("a window needs at least one item")
        self._iterator, self._n = iter(iterable), n
        self._ring: list[Any] = []
        self._oldest = 0

    def __next__(self) -> tuple[Any, ...]:
        while len(self._ring) < self._n - 1:
            self._ring.append(next(self._iterator))
        self._put(next(self._iterator))
        return (*self._ring[self._oldest :], *self._ring[: self._oldest])

    def _put(self, item: Any) -> None:
        if len(self._ring) < self._n:
            self._ring.append(item)
        else:
            self._ring[self._oldest] = item
            self._oldest = (self._oldest + 1) % self._n


def sliding_window(iterable: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """Give every run of `n` neighboring items of `iterable` as a tuple, in order."""
    return _Windows(iterable, n)
