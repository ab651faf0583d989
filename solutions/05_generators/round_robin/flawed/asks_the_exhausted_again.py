"""Lets nobody drop out, and ends after a round without an item.

caught_by: test_inputs_are_asked_in_their_turn
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
        missing = object()
        came = True
        while came:
            came = False
            for iterator in iterators:
                if (item := next(iterator, missing)) is not missing:
                    came = True
                    yield item
