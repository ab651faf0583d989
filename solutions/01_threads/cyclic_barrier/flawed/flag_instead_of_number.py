"""Tells the rounds apart by a flag: two rounds later it looks as before to a thread that has slept meanwhile.

caught_by: test_more_threads_than_parties
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
        self._round = False
        self._round_over = threading.Condition()

    def wait(self) -> int:
        """Wait until `parties` calls of this round have been made; return the number of those that came before."""
        with self._round_over:
            index, my_round = self._arrived, self._round
            self._arrived += 1
            if self._arrived == self._parties:
                self._begin_next_round()
            self._round_over.wait_for(lambda: self._round != my_round)
            return index

    def _begin_next_round(self) -> None:
        self._arrived = 0
        self._round = not self._round
        self._round_over.notify_all()
