"""The threads of a round sleep on a ready-made `Event`, though only locks and conditions are allowed.

caught_by: test_meeting
verdict: fail
"""

from __future__ import annotations

import threading


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError(f"a barrier needs at least 1 party, not {parties}")
        self._parties = parties
        self._arrived = 0
        self._lock = threading.Lock()
        self._full = threading.Event()

    def wait(self) -> int:
        with self._lock:
            index, full = self._arrived, self._full
            self._arrived += 1
            if self._arrived == self._parties:
                self._arrived, self._full = 0, threading.Event()
                full.set()
        full.wait()
        return index
