"""`decrement` holds the lock while it calls `increment`, which takes it again: a reentrant lock allows that."""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._value = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._lock:
            self._value += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            self.increment(-n)

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
