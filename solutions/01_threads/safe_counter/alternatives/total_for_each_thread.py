"""Each thread adds to a total of its own; to read is to add these up while nobody counts."""

from __future__ import annotations

import threading
from collections import Counter as Totals


class Counter:
    """Counts up and down from 0, for any number of threads."""

    def __init__(self) -> None:
        self._totals: Totals[int] = Totals()
        self._changing = threading.Condition()

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with self._changing:
            self._totals[threading.get_ident()] += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with self._changing:
            self._totals[threading.get_ident()] -= n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with self._changing:
            return sum(self._totals.values())
