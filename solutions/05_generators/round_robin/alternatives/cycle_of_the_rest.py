"""`itertools.cycle` gives the turns; when one drops out, a cycle of the others begins where it was. Plain `finally`."""

from collections.abc import Generator, Iterable, Iterator
from itertools import cycle, islice
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    """Give one item of the first input, one of the second, and so on, then again from the first."""
    iterators = [iter(iterable) for iterable in iterables]
    turns: Iterator[Iterator[Any]] = cycle(iterators)
    try:
        for remaining in range(len(iterators), 0, -1):
            turns = cycle(islice(turns, remaining))
            yield from map(next, turns)
    finally:
        _close(iterators)


def _close(iterators: list[Iterator[Any]]) -> None:
    if not iterators:
        return
    first, *others = iterators
    try:
        getattr(first, "close", lambda: None)()
    finally:
        _close(others)
