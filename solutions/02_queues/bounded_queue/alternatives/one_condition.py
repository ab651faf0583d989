"""One condition for everything, with `notify_all`, and deadlines worked out by hand."""

from __future__ import annotations

import queue
import time
from threading import Condition, RLock
from typing import Any


class BoundedQueue:
    def __init__(self, maxsize: int) -> None:
        self.limit = maxsize if maxsize > 0 else float("inf")
        self.items: list[Any] = []
        self.undone = 0
        self.changed = Condition(RLock())

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        with self.changed:
            deadline = self._deadline(block, timeout)
            while self.full():
                self._sleep_until(deadline, queue.Full)
            self.items.insert(0, item)
            self.undone += 1
            self.changed.notify_all()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        with self.changed:
            deadline = self._deadline(block, timeout)
            while self.empty():
                self._sleep_until(deadline, queue.Empty)
            self.changed.notify_all()
            return self.items.pop()

    def _deadline(self, block: bool, timeout: float | None) -> float | None:
        if not block:
            return time.monotonic()
        if timeout is None:
            return None
        if timeout < 0:
            raise ValueError("'timeout' must not be negative")
        return time.monotonic() + timeout

    def _sleep_until(self, deadline: float | None, too_late: type[Exception]) -> None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise too_late
        self.changed.wait(left)

    def qsize(self) -> int:
        with self.changed:
            return len(self.items)

    def empty(self) -> bool:
        return self.qsize() == 0

    def full(self) -> bool:
        return self.qsize() >= self.limit

    def task_done(self) -> None:
        with self.changed:
            if self.undone <= 0:
                raise ValueError("there is no task that is not done")
            self.undone -= 1
            self.changed.notify_all()

    def join(self) -> None:
        with self.changed:
            while self.undone > 0:
                self.changed.wait()
