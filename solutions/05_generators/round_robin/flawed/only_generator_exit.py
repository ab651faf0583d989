"""Closes the inputs when GeneratorExit comes, and for no other exception.

caught_by: test_an_exception_closes_every_input
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    iterators = list(map(iter, iterables))
    waiting = deque(iterators)
    try:
        while waiting:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append(iterator)
    except GeneratorExit:
        with ExitStack() as stack:
            for iterator in iterators:
                if hasattr(iterator, "close"):
                    stack.callback(iterator.close)
        raise
