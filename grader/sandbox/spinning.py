"""Spinning: processor time is burnt while nothing happens that anybody could wait for.

That it is so is found out slowly, as somebody may be at work for a while before a byte is moved. Of a file that is
known to spin in its main thread it is believed sooner: like one who polls, that thread has come round when it has run
for a few rounds since all others wait for others and the last byte was moved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from . import processes
from .job_time import JobTime
from .processes import Task, TaskState
from .stillness import SPIN_CPU_S, Stillness
from .tcp import Ends

_SPIN_AGAIN_CPU_S = 0.05  # once it is known of this request
_ROUNDS_CPU_S = 0.012  # of the main thread, once it is known of this player
_FIRST_ROUNDS_CPU_S = 0.1  # the same if it was another one's: a fresh player may have something to import

_Standing = tuple[list[Task], Ends]


class _Burning(Protocol):
    main: int

    def pids(self) -> list[int]: ...
    def cpu_s(self) -> float: ...


class SpinWatch:
    """Asked again and again while nothing arrives, in all requests to one player.

    `begin` says that there is a new request, `reset` that something has happened. `connections`: what changes as bytes
    are moved.
    """

    def __init__(self, player: _Burning, connections: Callable[[], Ends], job_time: JobTime) -> None:
        self._player, self._connections, self._job_time = player, connections, job_time
        self._seen = False  # in this request, whoever it was
        self._main_seen = False  # of this player
        self.reset()

    def begin(self) -> None:
        self._seen = False
        self.reset()

    def reset(self) -> None:
        self._cpu_then: float | None = None  # when nothing had happened for the first time
        self._main_then = 0.0
        self._half_way: Ends | None = None  # the connections when half as much had been burnt since as by who spins
        self._standing: _Standing | None = None  # all but the main thread, since it had used `_used_then`
        self._used_then = 0.0

    def look(self) -> Stillness | None:
        """SPINNING or at work, MOVING; None where too little was burnt to say either."""
        return Stillness.SPINNING if self._has_come_round() else self._burnt_much()

    def _main_s(self) -> float:
        return processes.thread_cpu_s(self._player.main, self._player.main)

    def _burnt_much(self) -> Stillness | None:
        """Whoever it was."""
        if self._cpu_then is None:
            self._cpu_then, self._main_then = self._player.cpu_s(), self._main_s()
        enough_s = _SPIN_AGAIN_CPU_S if self._seen else SPIN_CPU_S
        used_s = self._player.cpu_s() - self._cpu_then
        if used_s > enough_s / 2 and self._half_way is None:
            self._half_way = self._connections()
        if used_s <= enough_s:
            return None
        if self._half_way == self._connections():
            self._seen = True
            if self._main_s() - self._main_then > used_s / 2:
                self._main_seen = self._job_time.spun = True
            return Stillness.SPINNING
        self._cpu_then = self._half_way = None
        return Stillness.MOVING

    def _has_come_round(self) -> bool:
        """The main thread, if the file is known to spin."""
        if not self._job_time.spun:
            return False
        used_s, standing = self._main_s(), self._all_others()
        if standing != self._standing:
            self._standing, self._used_then = standing, used_s
        if standing is None or used_s - self._used_then < (_ROUNDS_CPU_S if self._main_seen else _FIRST_ROUNDS_CPU_S):
            return False
        self._main_seen = True
        return True

    def _all_others(self) -> _Standing | None:
        """The other tasks and the bytes, if none of them can move but by somebody else."""
        others = [task for task in processes.tasks(self._player.pids()) if task.tid != self._player.main]
        if any(task.wait is not TaskState.PARKED for task in others):
            return None
        return others, self._connections()
