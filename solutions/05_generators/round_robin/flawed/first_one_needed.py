"""Takes the first one out of the row before it looks whether there is one.

caught_by: test_empty_inputs_and_none
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
        while True:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                if not waiting:
                    return
                continue
            yield item
            waiting.append(iterator)
