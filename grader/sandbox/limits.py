"""What one check may use."""

from __future__ import annotations

from dataclasses import dataclass, replace

MB = 1 << 20
EXPLORING = {
    "cpu_s": 20.0,
    "wall_s": 120.0,
}  # many schedules in one check take some 2 s


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
