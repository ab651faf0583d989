"""Looks for `close` at what was passed in, and not at its iterator.

caught_by: test_close_closes_every_input
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        for iterable in iterables:
            if hasattr(iterable, "close"):
                stack.callback(iterable.close)
        waiting = deque(map(iter, iterables))
        while waiting:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append(iterator)
