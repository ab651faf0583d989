"""One lock for everybody: readers go in one by one.

caught_by: test_readers_share
verdict: fail
"""

from __future__ import annotations

import threading


class RWLock:
    """Readers share it, a writer has it alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def read(self) -> threading.Lock:
        return self._lock

    def write(self) -> threading.Lock:
        return self._lock
