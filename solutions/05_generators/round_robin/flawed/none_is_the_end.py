"""Takes an item that is None for the end of its input.

caught_by: test_any_item_and_any_input
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
            item = next(iterator, None)
            if item is None:
                continue
            yield item
            waiting.append(iterator)
