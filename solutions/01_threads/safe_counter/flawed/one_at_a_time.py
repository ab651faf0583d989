"""Adds `n` in single steps, each under the lock: a reader sees an update that is half done.

caught_by: test_value_at_any_time
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
        for _ in range(abs(n)):
            with self._lock:
                self._value += 1 if n > 0 else -1

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        self.increment(-n)

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
