"""Takes every exception of an input for its end.

caught_by: test_an_exception_closes_every_input
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
            try:
                item = next(iterator)
            except Exception:
                continue
            yield item
            waiting.append(iterator)
