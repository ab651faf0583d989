"""Takes an item that counts as false for the end of its input.

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
        missing = object()
        while waiting:
            iterator = waiting.popleft()
            if (item := next(iterator, missing)) is not missing and item:
                yield item
                waiting.append(iterator)
