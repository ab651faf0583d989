"""Two totals, one for each direction, under one lock for all counters."""

from __future__ import annotations

import threading
from dataclasses import dataclass

LOCK = threading.Lock()


@dataclass
class Counter:
    """Counts up and down from 0, for any number of threads."""

    ups: int = 0
    downs: int = 0

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        with LOCK:
            self.ups += n

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        with LOCK:
            self.downs += n

    @property
    def value(self) -> int:
        """The sum of all that was counted so far."""
        with LOCK:
            return self.ups - self.downs
