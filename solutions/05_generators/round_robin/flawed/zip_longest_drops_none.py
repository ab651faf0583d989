"""Drops the None of `zip_longest`, and all that are items.

caught_by: test_any_item_and_any_input
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
        for items in zip_longest(*iterators):
            for item in items:
                if item is not None:
                    yield item
