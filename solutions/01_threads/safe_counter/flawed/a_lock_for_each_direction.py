"""Increments and decrements have a lock each, and do not keep each other out.

caught_by: test_no_update_is_lost_in_either_direction
verdict: race
"""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._down_lock = threading.Lock()
        self._value = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._lock:
            self._value += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._down_lock:
            self._value -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
