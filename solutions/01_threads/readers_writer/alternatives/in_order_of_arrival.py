"""A fair queue: each waits in line with an event of its own, and whoever changes something lets in the front of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class RWLock:
    """Readers share it, a writer has it alone; all go in in the order in which they came."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._line: deque[tuple[bool, threading.Event]] = deque()  # whether it wants to write, and its call
        self._inside = 0  # how many readers, or -1 for a writer

    @contextmanager
    def read(self) -> Iterator[None]:
        self._arrive(writes=False)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def write(self) -> Iterator[None]:
        self._arrive(writes=True)
        try:
            yield
        finally:
            self._leave()

    def _arrive(self, writes: bool) -> None:
        called = threading.Event()
        with self._mutex:
            self._line.append((writes, called))
            self._call_next()
        called.wait()

    def _leave(self) -> None:
        with self._mutex:
            self._inside = 0 if self._inside == -1 else self._inside - 1
            self._call_next()

    def _call_next(self) -> None:
        while self._line:
            writes, called = self._line[0]
            if self._inside == -1 or (writes and self._inside):
                return
            self._line.popleft()
            self._inside = -1 if writes else self._inside + 1
            called.set()
