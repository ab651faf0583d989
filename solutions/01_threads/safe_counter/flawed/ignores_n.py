"""Always counts by one.

caught_by: test_counts_up_and_down
verdict: fail
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
            self._value += 1

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            self._value -= 1

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
