"""What one check may use."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one player. CPU time is hard; wall time is judged net of waiting for a processor."""

    cpu_s: float = 5.0
    wall_s: float = 20.0
    memory_mb: int = 512
    processes: int = 64
    output_mb: int = 16
    disk_mb: int = 64

    def rlimits(self) -> dict[str, int]:
        """As RLIMIT names. They back up the limits watched from outside, for each single process."""
        return {
            "CPU": int(self.cpu_s) + 2,
            "DATA": 2 * self.memory_mb * MB,
            "FSIZE": self.disk_mb * MB,
            "NPROC": self.processes,
            "NOFILE": 512,
            "CORE": 0,
            "MEMLOCK": MB,
            "MSGQUEUE": 0,
            "STACK": 8 * MB,
        }
