"""Each thread keeps the sense of the round for itself: a thread that was not in the last round is let through.

caught_by: test_more_threads_than_parties
verdict: fail
"""

from __future__ import annotations

from threading import Condition, local


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError("parties must be at least 1")
        self.parties = parties
        self.arrived = 0
        self.sense = False
        self.own = local()
        self.turned = Condition()

    def wait(self) -> int:
        with self.turned:
            sense = self.own.sense = not getattr(self.own, "sense", False)
            index = self.arrived
            self.arrived += 1
            if self.arrived == self.parties:
                self.arrived = 0
                self.sense = sense
                self.turned.notify_all()
            while self.sense != sense:
                self.turned.wait()
            return index
