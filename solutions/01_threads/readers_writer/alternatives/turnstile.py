"""All go through a turnstile, in which a writer stands still until the room is empty. Semaphores, no conditions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore


class RWLock:
    """Readers share it, a writer has it alone."""

    def __init__(self) -> None:
        self.turnstile = Lock()
        self.room_empty = Semaphore(1)
        self.readers = 0
        self.readers_lock = Lock()

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
