"""After an exception in the body the exit is not reached: a reader stays inside for ever.

caught_by: test_exceptions
verdict: deadlock
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class RWLock:
    """Readers share it, a writer has it alone. A waiting writer goes in before readers that come later."""

    def __init__(self) -> None:
        self._readers = 0  # inside
        self._writing = False
        self._waiting_writers = 0
        self._changed = threading.Condition()  # its lock guards the three above, and is free while somebody is inside

    @contextmanager
    def read(self) -> Iterator[None]:
        """Wait while a writer is inside or waiting."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writing and not self._waiting_writers)
            self._readers += 1
        yield
        with self._changed:
            self._readers -= 1
            self._changed.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        """Wait until nobody else is inside."""
        with self._changed:
            self._waiting_writers += 1
            self._changed.wait_for(lambda: not self._writing and not self._readers)
            self._waiting_writers -= 1
            self._writing = True
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
