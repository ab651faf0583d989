"""`value` is an ordinary attribute: it is stored only when it is final, and to read it is a single step."""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self.value = 0
        self._free = threading.Semaphore(1)

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        self._free.acquire()
        try:
            self.value += n
        finally:
            self._free.release()

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        self.increment(-n)
