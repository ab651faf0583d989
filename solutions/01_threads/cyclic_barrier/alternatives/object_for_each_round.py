"""Each round is an object of its own, with its own condition; the last to come puts a fresh one in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Condition, RLock


@dataclass
class Round:
    missing: int
    lock: RLock
    full: Condition = field(init=False)

    def __post_init__(self) -> None:
        self.full = Condition(self.lock)


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError(parties)
        self._parties = parties
        self._lock = RLock()
        self._current = self._fresh()

    def _fresh(self) -> Round:
        return Round(self._parties, self._lock)

    def wait(self) -> int:
        with self._lock:
            mine = self._current
            mine.missing -= 1
            index = mine.missing
            if index == 0:
                self._current = self._fresh()
                mine.full.notify_all()
            while mine.missing:
                mine.full.wait()
            return index
