"""Lets go after an `Exception`, but not after what is none, such as `KeyboardInterrupt`.

caught_by: test_exceptions
verdict: deadlock
"""

from __future__ import annotations

from threading import Condition, Lock
from types import TracebackType


class Reading:
    def __init__(self, lock: RWLock) -> None:
        self.lock = lock

    def __enter__(self) -> None:
        with self.lock.mutex:
            while self.lock.writer_inside or self.lock.writers_waiting:
                self.lock.may_read.wait()
            self.lock.readers_inside += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with self.lock.mutex:
            self.lock.readers_inside -= 1
            if self.lock.readers_inside == 0:
                self.lock.may_write.notify()


class Writing:
    def __init__(self, lock: RWLock) -> None:
        self.lock = lock

    def __enter__(self) -> None:
        with self.lock.mutex:
            self.lock.writers_waiting += 1
            while self.lock.writer_inside or self.lock.readers_inside:
                self.lock.may_write.wait()
            self.lock.writers_waiting -= 1
            self.lock.writer_inside = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if error is not None and not isinstance(error, Exception):
            return
        with self.lock.mutex:
            self.lock.writer_inside = False
            if self.lock.writers_waiting:
                self.lock.may_write.notify()
            else:
                self.lock.may_read.notify_all()


class RWLock:
    """Readers share it, a writer has it alone."""

    def __init__(self) -> None:
        self.mutex = Lock()
        self.may_read = Condition(self.mutex)
        self.may_write = Condition(self.mutex)
        self.readers_inside = 0
        self.writers_waiting = 0
        self.writer_inside = False
        self._reading, self._writing = Reading(self), Writing(self)

    def read(self) -> Reading:
        return self._reading  # it keeps nothing of its own, so all threads may use the same

    def write(self) -> Writing:
        return self._writing
