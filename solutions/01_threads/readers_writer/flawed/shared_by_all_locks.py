"""The numbers belong to the class, so all locks are one.

caught_by: test_locks_are_independent
verdict: deadlock
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore


class RWLock:
    """Readers share it, a writer has it alone."""

    turnstile = Lock()
    room_empty = Semaphore(1)
    readers_lock = Lock()

    def __init__(self) -> None:
        self.readers = 0

    @contextmanager
    def read(self) -> Iterator[None]:
        with self.turnstile, self.readers_lock:
            self.readers += 1
            if self.readers == 1:
                self.room_empty.acquire()
        try:
            yield
        finally:
            with self.readers_lock:
                self.readers -= 1
                if self.readers == 0:
                    self.room_empty.release()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.turnstile, self.room_empty:
            yield
