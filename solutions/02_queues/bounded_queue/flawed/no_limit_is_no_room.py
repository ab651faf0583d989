"""Takes maxsize 0 for a queue without room, not for one without a limit.

caught_by: test_first_in_first_out
verdict: deadlock
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, Full
from typing import Any


class BoundedQueue:
    """Hands items from thread to thread, first in, first out, and never holds more than `maxsize` of them."""

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._items: deque[Any] = deque()
        self._tasks = 0  # items that were put and are not done
        self._lock = threading.Lock()
        self._not_full = threading.Condition(self._lock)
        self._not_empty = threading.Condition(self._lock)
        self._all_done = threading.Condition(self._lock)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item in, or raise Full if there is no room in time."""
        with self._lock:
            if not _wait(self._not_full, lambda: not self._is_full(), block, timeout):
                raise Full
            self._items.append(item)
            self._tasks += 1
            self._not_empty.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the oldest item out, or raise Empty if there is none in time."""
        with self._lock:
            if not _wait(self._not_empty, lambda: bool(self._items), block, timeout):
                raise Empty
            item = self._items.popleft()
            self._not_full.notify()
            return item

    def qsize(self) -> int:
        """How many items are in the queue."""
        with self._lock:
            return len(self._items)

    def empty(self) -> bool:
        """Whether there is no item."""
        with self._lock:
            return not self._items

    def full(self) -> bool:
        """Whether there is no room."""
        with self._lock:
            return self._is_full()

    def _is_full(self) -> bool:
        return self._maxsize <= len(self._items)

    def task_done(self) -> None:
        """One of the items that were put has been dealt with."""
        with self._lock:
            if not self._tasks:
                raise ValueError("task_done() called more often than put()")
            self._tasks -= 1
            if not self._tasks:
                self._all_done.notify_all()

    def join(self) -> None:
        """Wait until every item that was put has been dealt with."""
        with self._lock:
            self._all_done.wait_for(lambda: not self._tasks)


def _wait(condition: threading.Condition, ready: Callable[[], bool], block: bool, timeout: float | None) -> bool:
    """Whether it is ready, if need be after waiting for it; `wait_for` keeps to the time-out in total."""
    if not block:
        return ready()
    if timeout is not None and timeout < 0:
        raise ValueError(f"a time-out cannot be negative: {timeout}")
    return condition.wait_for(ready, timeout)
