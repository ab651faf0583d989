"""No lock at all: two threads read the same old value, and one update is lost.

caught_by: test_no_increment_is_lost
verdict: race
"""

from __future__ import annotations


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._value = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        self._value += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        self._value -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        return self._value
