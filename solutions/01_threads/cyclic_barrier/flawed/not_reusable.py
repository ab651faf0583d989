"""The count is never set back: from the second round on, everybody walks through.

caught_by: test_reusable
verdict: fail
"""

from __future__ import annotations

import threading


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError(f"a barrier needs at least 1 party, not {parties}")
        self._parties = parties
        self._arrived = 0
        self._full = threading.Condition()

    def wait(self) -> int:
        with self._full:
            index = self._arrived % self._parties
            self._arrived += 1
            if self._arrived >= self._parties:
                self._full.notify_all()
            while self._arrived < self._parties:
                self._full.wait()
            return index
