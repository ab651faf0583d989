"""Nothing is ever set back: every call draws a ticket, whose number says which round it is in."""

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
            while self.tickets < (before + 1) * self.parties:
                self.changed.wait()
        return index
