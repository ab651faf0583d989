"""Fair limits: CPU time is hard, and of all other time only that counts in which nothing waits for a processor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grader.results import Verdict

from .limits import Limits
from .outcomes import PlayerEndedError
from .owntime import STARVED_FACTOR, OwnTime
from .processes import Task, TaskState

_LOOK_EVERY_S = 0.05


class _Metered(Protocol):
    def disk_mb(self) -> float: ...
    def tasks(self) -> Sequence[Task]: ...


class Budget:
    """Watches one request, whose `time` is somebody else's to look at. `exceeded` is called again and again."""

    def __init__(self, limits: Limits, player: _Metered, time: OwnTime) -> None:
        self._limits, self._player, self._time = limits, player, time
        self._looked_s = 0.0

    def exceeded(self, what: str) -> PlayerEndedError | None:
        elapsed = self._time.elapsed_s
        if elapsed - self._looked_s < _LOOK_EVERY_S:
            return None
        self._looked_s = elapsed
        used = self._time.cpu_s
        if used > self._limits.cpu_s:
            return self.out_of_cpu(self._limits, used, what)
        if self._player.disk_mb() > self._limits.disk_mb:
            return self._out_of_disk(what)
        if self._time.idle_s > self._limits.idle_s:
            return self._out_of_time(used, what)
        if elapsed > STARVED_FACTOR * (self._limits.cpu_s + self._limits.idle_s):
            return self._starved(used, what)
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

    def _out_of_time(self, used: float, what: str) -> PlayerEndedError:
        tasks = self._player.tasks()
        running = sum(1 for task in tasks if task.wait is TaskState.RUNNABLE)
        waiting = f"all {len(tasks)} threads waiting" if len(tasks) > 1 else "waiting"
        state = f"{running} of {len(tasks)} threads busy" if running else waiting
        seen = f"had not ended after {self._time.idle_s:.0f} s of idling ({state}, {used:.1f} s of CPU time)"
        return PlayerEndedError(
            Verdict.TIMEOUT, _sentence(what, seen), "what the threads wait for, and who should wake them"
        )

    def _starved(self, used: float, what: str) -> PlayerEndedError:
        seen = f"got {used:.1f} s of CPU time in {self._time.elapsed_s:.0f} s: the machine is overloaded"
        return PlayerEndedError(Verdict.INFRA, _sentence(what, seen), "")


def _sentence(what: str, seen: str) -> str:
    return f"{what[0].upper()}{what[1:]} {seen}."
