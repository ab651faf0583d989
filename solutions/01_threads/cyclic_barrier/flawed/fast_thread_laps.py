"""The last to leave sets the count back, but nothing keeps a fast thread from coming in before that.

caught_by: test_reusable
verdict: deadlock
"""

from __future__ import annotations

from threading import Condition


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties <= 0:
            raise ValueError("parties must be positive")
        self._parties = parties
        self._arrived = 0
        self._left = 0
        self._full = Condition()

    def wait(self) -> int:
        with self._full:
            index = self._arrived
            self._arrived += 1
            if self._arrived == self._parties:
                self._full.notify_all()
            while self._arrived < self._parties:
                self._full.wait()
            self._left += 1
            if self._left == self._parties:
                self._arrived = self._left = 0
            return index
