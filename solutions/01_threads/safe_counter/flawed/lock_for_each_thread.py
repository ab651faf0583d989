"""The lock is kept in a thread-local object: each thread has its own.

caught_by: test_no_increment_is_lost
verdict: race
"""

from __future__ import annotations

import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._value = 0

    @property
    def _lock(self) -> threading.Lock:
        if not hasattr(self._local, "lock"):
            self._local.lock = threading.Lock()
        return self._local.lock

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._lock:
            self._value += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._lock:
            self._value -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
