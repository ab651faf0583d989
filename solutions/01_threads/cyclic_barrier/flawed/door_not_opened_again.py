"""Who waits at the door for the last round to leave is not told when it has left.

caught_by: test_reusable
verdict: deadlock
"""

from __future__ import annotations

from threading import Condition, Lock


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties <= 0:
            raise ValueError("parties must be positive")
        self._parties = parties
        self._inside = 0
        self._draining = False
        mutex = Lock()
        self._drained = Condition(mutex)
        self._full = Condition(mutex)

    def wait(self) -> int:
        with self._drained:  # both conditions have the same lock
            while self._draining:
                self._drained.wait()
            index = self._inside
            self._inside += 1
            if self._inside == self._parties:
                self._draining = True
                self._full.notify_all()
            while not self._draining:
                self._full.wait()
            self._inside -= 1
            if self._inside == 0:
                self._draining = False
            return index
