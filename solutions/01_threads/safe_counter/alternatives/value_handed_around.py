"""The number itself is handed around: who wants to change it takes it out of a queue, and puts the new one in."""

from __future__ import annotations

import queue


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._only: queue.Queue[int] = queue.Queue(maxsize=1)
        self._only.put(0)

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        self._only.put(self._only.get() + n)

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        self.increment(-n)

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        value = self._only.get()
        self._only.put(value)
        return value
