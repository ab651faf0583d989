"""An object with the methods of a generator; it knows the index of whose turn it is."""

from collections.abc import Generator, Iterable, Iterator
from typing import Any


class _RoundRobin(Generator[Any, None, None]):
    def __init__(self, iterables: tuple[Iterable[Any], ...]) -> None:
        self._iterables = iterables
        self._iterators: list[Iterator[Any]] | None = None
        self._turn = 0

    def send(self, value: None) -> Any:
        if self._iterators is None:
            self._iterators = [iter(iterable) for iterable in self._iterables]
        while self._iterators:
            self._turn %= len(self._iterators)
            try:
                item = next(self._iterators[self._turn])
            except StopIteration:
                del self._iterators[self._turn]
            except BaseException:
                self._end()
                raise
            else:
                self._turn += 1
                return item
        raise StopIteration

    def throw(self, typ, val=None, tb=None):  # type: ignore[no-untyped-def, override]
        error = typ() if isinstance(typ, type) else typ
        self._end()
        raise error

    def close(self) -> None:
        self._end()

    def _end(self) -> None:
        iterators, self._iterators = self._iterators or [], []
        failed: BaseException | None = None
        for iterator in iterators:
            try:
                if callable(close := getattr(iterator, "close", None)):
                    close()
            except BaseException as error:
                failed = failed or error
        if failed is not None:
            raise failed


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    """Give one item of the first input, one of the second, and so on, then again from the first."""
    return _RoundRobin(iterables)
