"""Hands each update to a helper thread and returns before it is counted.

caught_by: test_counts_up_and_down
verdict: fail
"""

from __future__ import annotations

import queue
import threading


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value = 0
        self._updates: queue.Queue[int] = queue.Queue()
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            n = self._updates.get()
            with self._lock:
                self._value += n

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        self._updates.put(n)

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        self._updates.put(-n)

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._lock:
            return self._value
