"""One item of each input by turns, until all are exhausted."""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    """Give one item of the first input, one of the second, and so on, then again from the first.

    Whoever is not exhausted queues up again for its next turn. The stack closes all inputs on every way out, also
    when closing one of them fails.
    """
    with ExitStack() as stack:
        waiting = deque(map(iter, iterables))
        for iterator in waiting:
            if hasattr(iterator, "close"):
                stack.callback(iterator.close)
        while waiting:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append(iterator)
