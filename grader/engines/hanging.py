"""Knowing from the kernel that a process of ours hangs, rather than from how long it takes.

A judge that works runs again and again, if only to look at its player. One that has not run at all between many looks,
while nothing below us had a processor or was in line for one, is waiting for nobody who could still act. Looks at which
something wants a processor prove nothing and do not count, so a busy machine makes nobody hang.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.sandbox import processes
from grader.sandbox.processes import PROVES_STOPS, Task

LOOK_EVERY_S = 1.0
# The judge's own waits with a time-out are shorter, but for the start of a player, which has something run.
LOOKS = 60


class HangWatch:
    """Of a process; `everybody` names it and all it may wait for. Where the kernel tells too little, none hangs."""

    def __init__(self, pid: int, everybody: Callable[[], list[int]]) -> None:
        self._pid, self._everybody = pid, everybody
        self._then: list[Task] = []
        self._looks = 0

    def hangs(self) -> bool:
        """After one more look. To be called again and again, with a pause."""
        now = list(processes.tasks([self._pid]))
        if now != self._then:
            self._then, self._looks = now, 0
        elif PROVES_STOPS and processes.parked_tasks(self._everybody()) is not None:
            self._looks += 1
        return self._looks >= LOOKS
