"""Asks for the next item of an input before it gives this one, to know whether it has to queue up again.

caught_by: test_inputs_are_asked_in_their_turn
verdict: fail
"""

from collections import deque
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
        waiting = deque((iterator, None, True) for iterator in iterators)
        while waiting:
            iterator, item, is_first = waiting.popleft()
            if is_first:
                item = next(iterator, missing)
            if item is missing:
                continue
            following = next(iterator, missing)
            yield item
            if following is not missing:
                waiting.append((iterator, following, False))
