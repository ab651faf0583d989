"""Closes the input whose turn it is, and none of the others.

caught_by: test_close_closes_every_input
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    waiting = deque(map(iter, iterables))
    while waiting:
        iterator = waiting.popleft()
        with ExitStack() as stack:
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            stack.pop_all()
        waiting.append(iterator)
