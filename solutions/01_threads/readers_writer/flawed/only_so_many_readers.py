"""Has four keys, one for each reader and all of them for a writer: a fifth reader has to wait.

caught_by: test_readers_share
verdict: fail
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore

KEYS = 4


class RWLock:
    """Readers share it, a writer has it alone."""

    def __init__(self) -> None:
        self.entrance = Lock()
        self.keys = Semaphore(KEYS)

    @contextmanager
    def read(self) -> Iterator[None]:
        with self.entrance:
            self.keys.acquire()
        try:
            yield
        finally:
            self.keys.release()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.entrance:
            for _ in range(KEYS):
                self.keys.acquire()
        try:
            yield
        finally:
            self.keys.release(KEYS)
