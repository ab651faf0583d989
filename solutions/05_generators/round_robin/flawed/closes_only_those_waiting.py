"""Closes all that are in the row; the one whose item was just given has stepped out of it.

caught_by: test_close_closes_every_input
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    waiting = deque(map(iter, iterables))

    def close_all():
        with ExitStack() as stack:
            for iterator in waiting:
                if hasattr(iterator, "close"):
                    stack.callback(iterator.close)

    try:
        while waiting:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append(iterator)
    finally:
        close_all()
