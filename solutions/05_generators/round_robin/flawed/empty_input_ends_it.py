"""Ends where an input is empty at its first turn.

caught_by: test_empty_inputs_and_none
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        waiting = deque()
        for iterator in map(iter, iterables):
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
            waiting.append((iterator, True))
        while waiting:
            iterator, is_first = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                if is_first:
                    return
                continue
            yield item
            waiting.append((iterator, False))
