"""Goes through the first input to its end, then through the second.

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
        for iterator in iterators:
            yield from iterator
