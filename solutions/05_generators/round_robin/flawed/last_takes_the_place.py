"""Puts the last iterator in the place of the one that drops out: the order changes.

caught_by: test_one_item_of_each_by_turns
verdict: fail
"""

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        iterators = list(map(iter, iterables))
        for iterator in iterators:
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
        turn = 0
        while iterators:
            turn %= len(iterators)
            try:
                item = next(iterators[turn])
            except StopIteration:
                iterators[turn] = iterators[-1]
                iterators.pop()
                continue
            yield item
            turn += 1
