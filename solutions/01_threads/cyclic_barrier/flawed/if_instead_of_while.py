"""Looks once: whoever is woken goes on, though it was only one more who arrived.

caught_by: test_nobody_leaves_early
verdict: fail
"""

from __future__ import annotations

from threading import Condition


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError("parties must be at least 1")
        self.parties = parties
        self.tickets = 0
        self.changed = Condition()

    def wait(self) -> int:
        with self.changed:
            before, index = divmod(self.tickets, self.parties)
            self.tickets += 1
            self.changed.notify_all()
            if self.tickets < (before + 1) * self.parties:
                self.changed.wait()
        return index
