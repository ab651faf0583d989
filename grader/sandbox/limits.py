"""What one check may use."""

from __future__ import annotations

from dataclasses import dataclass, replace

MB = 1 << 20
_PLAYERS_CPU_S, _ASKED = 90.0, 4
EXPLORING_CPU_S = 20.0  # many schedules in one check take some 2 s
_ENDED = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one player. `idle_s`: seconds in which nothing of it has a processor or is in line for one.

    `connections`: how many TCP connections to it the judge can make.
    """

    cpu_s: float = 5.0
    idle_s: float = 20.0
    memory_mb: int = 512
    processes: int = 64
    output_mb: int = 16
    disk_mb: int = 64
    connections: int = 0

    @property
    def tasks(self) -> int:
        """What the system is to allow. It counts threads that have ended, too, until they had a processor once more."""
        return self.processes + _ENDED

    @property
    def players_cpu_s(self) -> float:
        """Of one player in all, as a last resort: what it is asked, a few times, has limits of its own."""
        return max(_ASKED * self.cpu_s, _PLAYERS_CPU_S)

    def for_exploring(self, schedules: int) -> Limits:
        """The same, with CPU time for so many schedules."""
        return replace(self, cpu_s=max(self.cpu_s, EXPLORING_CPU_S * max(1.0, schedules / 800)))
