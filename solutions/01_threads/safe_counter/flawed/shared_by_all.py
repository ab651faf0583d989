"""The value belongs to the class, so that all counters are one.

caught_by: test_counters_are_independent
verdict: fail
"""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    _value = 0

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._lock:
            Counter._value += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            Counter._value -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return Counter._value
