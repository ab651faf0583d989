"""The new value is computed under the lock, but stored when the lock is free again.

caught_by: test_no_increment_is_lost
verdict: race
"""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._lock:
            new = self._value + n
        self._value = new

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            new = self._value - n
        self._value = new

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
