"""Takes the first items at the call, to leave out inputs that are empty.

caught_by: test_inputs_are_asked_in_their_turn
verdict: fail
"""

from collections import deque
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    iterators = list(map(iter, iterables))
    waiting = deque()
    for iterator in iterators:
        for first in iterator:
            waiting.append((first, iterator))
            break

    def by_turns():
        with ExitStack() as stack:
            for iterator in iterators:
                if hasattr(iterator, "close"):
                    stack.callback(iterator.close)
            while waiting:
                item, iterator = waiting.popleft()
                yield item
                for following in iterator:
                    waiting.append((following, iterator))
                    break

    return by_turns()
