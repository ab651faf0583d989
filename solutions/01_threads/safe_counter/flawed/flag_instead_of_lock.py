"""A flag says that somebody is inside; two threads may both find it down and raise it.

caught_by: test_no_increment_is_lost
verdict: race
"""

from __future__ import annotations

import time


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._busy = False
        self._value = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        while self._busy:
            time.sleep(0.001)
        self._busy = True
        self._value += n
        self._busy = False

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        while self._busy:
            time.sleep(0.001)
        self._busy = True
        self._value -= n
        self._busy = False

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        return self._value
