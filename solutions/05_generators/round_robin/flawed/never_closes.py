"""Leaves the inputs as they are.

caught_by: test_close_closes_every_input
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    waiting = deque(map(iter, iterables))
    while waiting:
        iterator = waiting.popleft()
        try:
            item = next(iterator)
        except StopIteration:
            continue
        yield item
        waiting.append(iterator)
