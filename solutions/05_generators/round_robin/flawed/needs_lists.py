"""Asks inputs for their length and their items by index.

caught_by: test_any_item_and_any_input
verdict: fail
"""

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        for iterator in map(iter, iterables):
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
        for place in range(max(map(len, iterables), default=0)):
            for iterable in iterables:
                if place < len(iterable):
                    yield iterable[place]
