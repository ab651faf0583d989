"""Hands everything on to `queue.Queue`, which is what was to be built.

caught_by: test_hand_over
verdict: fail
"""

from __future__ import annotations

import queue
from typing import Any


class BoundedQueue:
    """Hands items from thread to thread, first in, first out, and never holds more than `maxsize` of them."""

    def __init__(self, maxsize: int) -> None:
        self._queue: queue.Queue[Any] = queue.Queue(maxsize)
        self.qsize, self.empty, self.full = self._queue.qsize, self._queue.empty, self._queue.full
        self.task_done, self.join = self._queue.task_done, self._queue.join

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        self._queue.put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        return self._queue.get(block, timeout)
