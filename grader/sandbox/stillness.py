"""Quiescence: knowing from the kernel that nothing in the sandbox can move until the judge answers something.

A task that waits without a time-out can only be woken by another task or by the judge. If every task waits so, nothing
the judge sent is unread, and no task was switched between two looks, then nobody will ever move by itself: a proof, not
a guess about time, and the machine's load has no part in it.

Tasks that wait *with* a time-out come round by themselves. They count as still once each has come round `ROUNDS` times
without anything new happening (a polling loop), or, unless it is a plain sleep, after `patience_s` of idling: time in
which one of them waits for a processor is none.

Whoever waits for longer than `seldom_s` at a time, as the kernel tells, is not waited for: so it need not be measured
how often somebody looks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum

from . import processes
from .owntime import OwnTime
from .processes import Task, TaskState

ROUNDS = 5
PATIENCE_S = 0.4
SELDOM_S = math.inf  # where no suite says otherwise, it is measured
SPIN_CPU_S = 0.4  # burnt while all is held: that is spinning


class Stillness(Enum):
    MOVING = "moving"
    WAITING = "some wait with a time-out, none has moved"
    POLLING = "some wake up again and again for nothing"
    SPINNING = "processor time is burnt while all calls are held"
    PARKED = "all wait for somebody else"


class StillnessWatch:
    """Asked again and again while nothing arrives; `reset` says that something did.

    `time` is somebody else's to look at: it tells how long the tasks have been idle.
    """

    def __init__(
        self,
        pids: Callable[[], list[int]],
        main: int,
        nothing_under_way: Callable[[], bool],
        time: OwnTime,
        patience_s: float = PATIENCE_S,
        seldom_s: float = SELDOM_S,
    ) -> None:
        self._pids, self._main, self._nothing_under_way = pids, main, nothing_under_way
        self._time, self._patience_s, self._seldom_s = time, patience_s, seldom_s
        self.reset()

    def reset(self) -> None:
        self._idle_before_s = self._time.idle_s
        self._baseline: dict[int, int] = {}

    def look(self) -> Stillness:
        still = self._unmoved()
        if still is None:
            return Stillness.MOVING
        waking = [task for task in still if task.wait is not TaskState.PARKED]
        if not waking:
            return Stillness.PARKED if self._is_still(still) else Stillness.MOVING
        rounds = [task.switches - self._baseline.setdefault(task.tid, task.switches) for task in waking]
        if not all(n >= ROUNDS or self._waits_long(task) for task, n in zip(waking, rounds, strict=True)):
            return Stillness.MOVING
        return Stillness.POLLING if max(rounds) >= ROUNDS else Stillness.WAITING

    def settled(self) -> bool:
        """Whether nobody is runnable, however long their waits: what was about to end has ended."""
        return self._unmoved() is not None

    def tasks(self) -> list[Task]:
        """The tasks as they are now, supervisor excluded."""
        return list(processes.tasks(self._pids()))

    def _unmoved(self) -> list[Task] | None:
        """The tasks, if none is runnable, nothing is under way, and a second look finds all as the first did.

        Where the main process has ended, its supervisor has something to say, whatever it looks like now.
        """
        first = processes.parked_tasks(self._pids())
        if first is None or all(task.pid != self._main for task in first):
            return None
        return first if self._is_still(first) else None

    def _is_still(self, before: list[Task]) -> bool:
        """Whether another look finds all as it was, and nothing under way."""
        return processes.parked_tasks(self._pids()) == before and self._nothing_under_way()

    def _waits_long(self, task: Task) -> bool:
        if self._seldom_s < math.inf and processes.lasts_s(task) > self._seldom_s:
            return True
        return task.wait is not TaskState.SLEEPING and self._time.idle_s - self._idle_before_s > self._patience_s
