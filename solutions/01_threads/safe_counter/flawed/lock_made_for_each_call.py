"""Each call makes a lock of its own, which nobody else ever waits for.

caught_by: test_no_increment_is_lost
verdict: race
"""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._value = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with threading.Lock():
            self._value += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with threading.Lock():
            self._value -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with threading.Lock():
            return self._value
