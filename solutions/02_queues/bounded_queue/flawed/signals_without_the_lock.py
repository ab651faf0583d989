"""Looks under one lock and goes to sleep under another one: the signal may come in between.

caught_by: test_every_item_once
verdict: deadlock
"""

from __future__ import annotations

from collections import deque
from queue import Empty, Full
from threading import Condition, Lock
from time import monotonic
from typing import Any


class Places:
    """A semaphore with time-outs."""

    def __init__(self, count: float) -> None:
        self._count = count
        self._lock = Lock()
        self._some = Condition()

    def take(self, block: bool, timeout: float | None) -> bool:
        if block and timeout is not None and timeout < 0:
            raise ValueError("negative time-out")
        end = None if timeout is None else monotonic() + timeout
        while True:
            with self._lock:
                if self._count >= 1:
                    self._count -= 1
                    return True
            left = None if end is None else end - monotonic()
            if not block or (left is not None and left <= 0):
                return False
            with self._some:
                self._some.wait(left)

    def give(self) -> None:
        with self._lock:
            self._count += 1
        with self._some:
            self._some.notify()


class BoundedQueue:
    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._items: deque[Any] = deque()
        self._free = Places(maxsize if maxsize > 0 else float("inf"))
        self._filled = Places(0)
        self._open_tasks = 0
        self._tasks_changed = Condition(Lock())

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if not self._free.take(block, timeout):
            raise Full
        with self._tasks_changed:
            self._open_tasks += 1
        self._items.append(item)  # append and popleft are atomic
        self._filled.give()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not self._filled.take(block, timeout):
            raise Empty
        item = self._items.popleft()
        self._free.give()
        return item

    def qsize(self) -> int:
        return len(self._items)

    def empty(self) -> bool:
        return not self.qsize()

    def full(self) -> bool:
        return 0 < self._maxsize <= self.qsize()

    def task_done(self) -> None:
        with self._tasks_changed:
            if self._open_tasks == 0:
                raise ValueError("too many calls")
            self._open_tasks -= 1
            if self._open_tasks == 0:
                self._tasks_changed.notify_all()

    def join(self) -> None:
        with self._tasks_changed:
            while self._open_tasks:
                self._tasks_changed.wait()
