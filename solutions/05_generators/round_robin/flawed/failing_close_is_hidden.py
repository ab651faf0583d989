"""Suppresses what closing an input raises.

caught_by: test_failing_close
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    iterators = list(map(iter, iterables))
    waiting = deque(iterators)
    try:
        while waiting:
            iterator = waiting.popleft()
            try:
                item = next(iterator)
            except StopIteration:
                continue
            yield item
            waiting.append(iterator)
    finally:
        for iterator in iterators:
            with suppress(Exception):
                iterator.close()
