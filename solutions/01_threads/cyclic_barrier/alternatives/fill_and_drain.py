"""Two phases: while the threads of one round leave, those of the next one wait at the door."""

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
                self._drained.notify_all()
            return index
