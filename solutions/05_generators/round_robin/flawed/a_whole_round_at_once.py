"""Takes an item of every input before it gives the first of them.

caught_by: test_inputs_are_asked_in_their_turn
verdict: fail
"""

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from itertools import zip_longest
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        iterators = list(map(iter, iterables))
        for iterator in iterators:
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
        missing = object()
        for items in zip_longest(*iterators, fillvalue=missing):
            for item in items:
                if item is not missing:
                    yield item
