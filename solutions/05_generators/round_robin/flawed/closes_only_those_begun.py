"""Makes and closes the iterator of an input at its first turn: those that come later stay open.

caught_by: test_close_closes_every_input
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    with ExitStack() as stack:
        waiting = deque((iterable, False) for iterable in iterables)
        while waiting:
            iterator, has_begun = waiting.popleft()
            if not has_begun:
                iterator = iter(iterator)
                if hasattr(iterator, "close"):
                    stack.callback(iterator.close)
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append((iterator, True))
