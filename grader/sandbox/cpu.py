"""Kernel-accounted CPU time of every process of a run, sampled by the judge while it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import processes
from .processes import CpuTimes


@dataclass(frozen=True, slots=True)
class CpuUse:
    """CPU seconds by process (`main` is the one that runs the scenario) and how many were runnable together.

    A worker is charged for children of its own that ended unseen. `parallelism` is the average number of workers that
    had a processor, or were in line for one, while at least one was: other work on the machine does not change it.
    `unattributed` is what ended processes used after their last sample and nobody waited for.
    """

    main: float = 0.0
    workers: dict[int, float] = field(default_factory=dict)
    total: float = 0.0
    parallelism: float = 0.0

    @property
    def busiest(self) -> float:
        """CPU seconds of the busiest process. All that could not be attributed is charged to it."""
        return max([self.main, *self.workers.values()]) + self.unattributed

    @property
    def unattributed(self) -> float:
        return max(0.0, self.total - self.main - sum(self.workers.values()))


class CpuSampler:
    """Take a `sample` every few milliseconds; `use` sums up. Workers' times are kept when they end."""

    def __init__(self, main: int) -> None:
        self._main = main
        self._first: dict[int, float] = {}
        self._last: dict[int, CpuTimes] = {}
        self._gone: set[int] = set()
        self._wanting = self._samples_wanted = 0
        self.sample()
        self._first.setdefault(main, 0.0)

    def sample(self) -> None:
        found = {pid: now for pid in processes.descendants(self._main) if (now := processes.cpu_times(pid)) is not None}
        for pid, now in found.items():
            self._first.setdefault(pid, now.used if pid == self._main else 0.0)
        self._gone |= self._last.keys() - found.keys()
        self._last |= found
        wanting = sum(1 for pid, now in found.items() if now.wants and pid != self._main)
        self._wanting += wanting
        self._samples_wanted += wanting > 0

    def use(self, total: float) -> CpuUse:
        """`total` is the whole tree's CPU time over the run, ended processes included where the system tells."""
        self.sample()
        used = {pid: last.used - self._first[pid] for pid, last in self._last.items()}
        for pid in used.keys() - {self._main}:
            used[pid] += self._unseen_children_s(pid)
        total = max(total, sum(used.values()))
        main = used.pop(self._main, 0.0)
        return CpuUse(main, used, total, self._wanting / self._samples_wanted if self._samples_wanted else 0.0)

    def _unseen_children_s(self, pid: int) -> float:
        """What the children that a process has waited for used, beyond what was seen of them."""
        children = [self._last[child] for child in self._gone if self._last[child].parent == pid]
        return max(0.0, self._last[pid].waited_for - sum(child.used + child.waited_for for child in children))
