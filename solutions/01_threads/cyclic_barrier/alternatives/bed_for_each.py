"""Locks only: whoever is early goes to sleep on a lock of its own, and the last to come opens them all."""

from __future__ import annotations

import threading


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if not parties >= 1:
            raise ValueError("a barrier for nobody")
        self.parties = parties
        self.mutex = threading.Lock()
        self.beds: list[threading.Lock] = []

    def wait(self) -> int:
        with self.mutex:
            place = len(self.beds)
            if place == self.parties - 1:
                sleepers, self.beds = self.beds, []
                for bed in sleepers:
                    bed.release()
                return place
            own = threading.Lock()
            own.acquire()
            self.beds.append(own)
        own.acquire()
        return place
