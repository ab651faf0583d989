"""Neither side starves: a writer that leaves invites all readers that wait, and the next writer comes after them.

The lock is taken when `read` and `write` are called; `with` only lets it go.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from threading import Condition


class RWLock:
    """Readers share it, a writer has it alone."""

    def __init__(self) -> None:
        self.reading = 0
        self.writing = 0  # 0 or 1
        self.readers_waiting = 0
        self.writers_waiting = 0
        self.invited = 0
        self.changed = Condition()

    def read(self) -> AbstractContextManager[object]:
        with self.changed:
            if self.writing or self.writers_waiting:
                self.readers_waiting += 1
                while not self.invited and (self.writing or self.writers_waiting):
                    self.changed.wait()
                self.readers_waiting -= 1
                self.invited = max(0, self.invited - 1)
            self.reading += 1
        return leaving_by(self.end_read)

    def write(self) -> AbstractContextManager[object]:
        with self.changed:
            self.writers_waiting += 1
            while self.writing or self.reading or self.invited:
                self.changed.wait()
            self.writers_waiting -= 1
            self.writing = 1
        return leaving_by(self.end_write)

    def end_read(self) -> None:
        with self.changed:
            self.reading -= 1
            self.changed.notify_all()

    def end_write(self) -> None:
        with self.changed:
            self.writing = 0
            self.invited = self.readers_waiting
            self.changed.notify_all()


def leaving_by(leave: Callable[[], None]) -> ExitStack:
    at_exit = ExitStack()
    at_exit.callback(leave)
    return at_exit
