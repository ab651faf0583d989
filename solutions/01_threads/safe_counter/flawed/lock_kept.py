"""`increment(0)` returns early, with the lock still taken.

caught_by: test_counts_up_and_down
verdict: deadlock
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
        self._lock.acquire()
        if n == 0:
            return  # nothing to add
        self._value += n
        self._lock.release()

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            self._value -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
