"""When its time is over, a call takes its note out of the line and does not see that it was just served.

caught_by: test_every_item_once
verdict: race
"""

from __future__ import annotations

import threading
from collections import deque
from queue import Empty, Full
from typing import Any


class Note:
    """Left by a thread that waits: for an item, for room for its item, or for the tasks to be done."""

    def __init__(self, item: Any = None) -> None:
        self.item = item
        self.served = False
        self.bed = threading.Lock()
        self.bed.acquire()

    def serve(self) -> None:
        self.served = True
        self.bed.release()


class BoundedQueue:
    def __init__(self, maxsize: int) -> None:
        self.maxsize = maxsize
        self.mutex = threading.Lock()
        self.items: deque[Any] = deque()
        self.getters: deque[Note] = deque()
        self.putters: deque[Note] = deque()
        self.joiners: list[Note] = []
        self.tasks = 0

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        check(timeout)
        with self.mutex:
            if not self._is_full():
                self._add(item)
                return
            if not block:
                raise Full
            note = Note(item)
            self.putters.append(note)
        if not self._wait(note, self.putters, timeout):
            raise Full

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        check(timeout)
        with self.mutex:
            if self.items:
                return self._take()
            if not block:
                raise Empty
            note = Note()
            self.getters.append(note)
        if not self._wait(note, self.getters, timeout):
            raise Empty
        return note.item

    def _add(self, item: Any) -> None:
        self.tasks += 1
        if self.getters:
            note = self.getters.popleft()
            note.item = item
            note.serve()
        else:
            self.items.append(item)

    def _take(self) -> Any:
        item = self.items.popleft()
        if self.putters:
            note = self.putters.popleft()
            self._add(note.item)
            note.serve()
        return item

    def _wait(self, note: Note, line: deque[Note], timeout: float | None) -> bool:
        if note.bed.acquire(timeout=-1 if timeout is None else timeout):
            return True
        with self.mutex:
            if note in line:
                line.remove(note)
            return False

    def qsize(self) -> int:
        return len(self.items)

    def empty(self) -> bool:
        return len(self.items) == 0

    def _is_full(self) -> bool:
        return len(self.items) >= self.maxsize > 0

    def full(self) -> bool:
        return self._is_full()

    def task_done(self) -> None:
        with self.mutex:
            if self.tasks < 1:
                raise ValueError("all tasks are done already")
            self.tasks -= 1
            if self.tasks == 0:
                for note in self.joiners:
                    note.serve()
                self.joiners.clear()

    def join(self) -> None:
        with self.mutex:
            if self.tasks == 0:
                return
            note = Note()
            self.joiners.append(note)
        note.bed.acquire()


def check(timeout: float | None) -> None:
    if timeout is not None and timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")
