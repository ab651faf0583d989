"""Lets the StopIteration of `next` out of its own body, where it becomes a RuntimeError.

caught_by: test_one_item_of_each_by_turns
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        waiting = deque(map(iter, iterables))
        for iterator in waiting:
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
        while waiting:
            iterator = waiting.popleft()
            yield next(iterator)
            waiting.append(iterator)
