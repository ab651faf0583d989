"""What one check may use."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from .processes import threads_of

MB = 1 << 20
EXPLORING = {
    "cpu_s": 20.0,
    "wall_s": 120.0,
}  # many schedules in one check take some 2 s
_OTHERS_GROWTH = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one player. CPU time is hard; wall time is judged net of waiting for a processor."""

    cpu_s: float = 5.0
    wall_s: float = 20.0
    memory_mb: int = 512
    processes: int = 64
    output_mb: int = 16
    disk_mb: int = 64

    def for_exploring(self, schedules: int) -> Limits:
        """The same, with time for so many schedules."""
        share = max(1.0, schedules / 800)
        return replace(self, **{name: max(getattr(self, name), share * least) for name, least in EXPLORING.items()})

    def rlimits(self, shares_user: bool) -> dict[str, int]:
        """As RLIMIT names. They back up the limits watched from outside, for each single process.

        NPROC counts all of a user's threads: where the player `shares_user` with others, theirs come on top.
        """
        return {
            "CPU": int(max(self.cpu_s, EXPLORING["cpu_s"])) + 2,
            "DATA": 2 * self.memory_mb * MB,
            "FSIZE": self.disk_mb * MB,
            "NPROC": self.processes + (threads_of(os.getuid()) + _OTHERS_GROWTH if shares_user else 0),
            "NOFILE": 512,
            "CORE": 0,
            "MEMLOCK": MB,
            "MSGQUEUE": 0,
            "STACK": 8 * MB,
        }
