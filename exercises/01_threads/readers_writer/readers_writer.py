"""A readers-writer lock: many may look at the same time, or one may write. The rules are in README.md."""

from __future__ import annotations

from contextlib import AbstractContextManager


class RWLock:
    """Readers share it, a writer has it alone. A waiting writer goes in before readers that come later."""

    def __init__(self) -> None:
        raise NotImplementedError

    def read(self) -> AbstractContextManager[object]:
        """For `with lock.read():`. Waits while a writer is inside or waiting."""
        raise NotImplementedError

    def write(self) -> AbstractContextManager[object]:
        """For `with lock.write():`. Waits until nobody else is inside."""
        raise NotImplementedError
