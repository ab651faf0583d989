"""Takes for granted that every iterator has a `close`; those of lists have none.

caught_by: test_close_closes_every_input
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
            stack.push(lambda *_, iterator=iterator: iterator.close())
        while waiting:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append(iterator)
