"""Keeps two totals, and reads one after the other without the lock.

caught_by: test_value_at_any_time
verdict: race
"""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ups = self._downs = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._lock:
            self._ups += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            self._downs += n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        return self._ups - self._downs
