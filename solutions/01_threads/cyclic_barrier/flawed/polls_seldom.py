"""Wakes up every minute to see whether the round is over.

caught_by: test_waiting_threads_sleep
verdict: deadlock
"""

from __future__ import annotations

import threading


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError(f"a barrier needs at least 1 party, not {parties}")
        self._parties = parties
        self._arrived = 0  # in the round that is filling
        self._round = 0
        self._round_over = threading.Condition()

    def wait(self) -> int:
        """Wait until `parties` calls of this round have been made; return the number of those that came before."""
        with self._round_over:
            index, my_round = self._arrived, self._round
            self._arrived += 1
            if self._arrived == self._parties:
                self._begin_next_round()
            while self._round == my_round:
                self._round_over.wait(timeout=60)
            return index

    def _begin_next_round(self) -> None:
        self._arrived = 0
        self._round += 1
        self._round_over.notify_all()
