"""Fair limits: CPU time is hard; wall time is judged net of the time spent waiting for a processor."""

from __future__ import annotations

import time
from typing import Protocol

from grader.results import Verdict

from . import processes
from .limits import Limits
from .outcomes import PlayerEndedError
from .processes import TaskState


class _Metered(Protocol):
    def cpu_s(self) -> float: ...
    def disk_mb(self) -> float: ...
    def pids(self) -> list[int]: ...


_LOOK_EVERY_S = 0.05
_STARVED_FACTOR = 6


class Budget:
    """Watches one request."""

    def __init__(self, limits: Limits, player: _Metered) -> None:
        self._limits, self._player = limits, player
        self._began = self._looked = time.monotonic()
        self._cpu_before = player.cpu_s()

    def exceeded(self, what: str) -> PlayerEndedError | None:
        now = time.monotonic()
        if now - self._looked < _LOOK_EVERY_S:
            return None
        self._looked = now
        used = self._player.cpu_s() - self._cpu_before
        if used > self._limits.cpu_s:
            return self.out_of_cpu(self._limits, used, what)
        if self._player.disk_mb() > self._limits.disk_mb:
            return self._out_of_disk(what)
        if now - self._began > self._limits.wall_s:
            return self._out_of_time(now - self._began, used, what)
        return None

    @staticmethod
    def out_of_cpu(limits: Limits, used: float, what: str) -> PlayerEndedError:
        seen = f"was still computing after {used:.1f} s of CPU time (limit {limits.cpu_s:g} s)"
        return PlayerEndedError(
            Verdict.TIMEOUT, _sentence(what, seen), "loops that do not end, work that grows with the input"
        )

    def _out_of_disk(self, what: str) -> PlayerEndedError:
        seen = f"wrote more than {self._limits.disk_mb} MiB to files"
        return PlayerEndedError(Verdict.ERROR, _sentence(what, seen), "what is written, and how often")

    def _out_of_time(self, elapsed: float, used: float, what: str) -> PlayerEndedError | None:
        """Blocked, busy or starved: the last is the machine's doing, and gets more time before it is called infra."""
        waited = processes.run_delay_s(self._player.pids())
        if elapsed - waited < self._limits.wall_s and elapsed < _STARVED_FACTOR * self._limits.wall_s:
            return None
        tasks = list(processes.tasks(self._player.pids()))
        running = sum(1 for task in tasks if task.wait is TaskState.RUNNABLE)
        if elapsed - waited < self._limits.wall_s:
            seen = f"waited {waited:.0f} of {elapsed:.0f} s for a processor: the machine is overloaded"
            return PlayerEndedError(Verdict.INFRA, _sentence(what, seen), "")
        waiting = f"all {len(tasks)} threads waiting" if len(tasks) > 1 else "waiting"
        state = f"{running} of {len(tasks)} threads busy" if running else waiting
        seen = f"had not ended after {elapsed - waited:.0f} s ({state}, {used:.1f} s of CPU time)"
        return PlayerEndedError(
            Verdict.TIMEOUT, _sentence(what, seen), "what the threads wait for, and who should wake them"
        )


def _sentence(what: str, seen: str) -> str:
    return f"{what[0].upper()}{what[1:]} {seen}."
