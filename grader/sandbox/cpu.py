"""Kernel-accounted CPU time of every process of a run, sampled by the judge while it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import processes


@dataclass(frozen=True, slots=True)
class CpuUse:
    """CPU seconds by process (`main` is the one that runs the scenario) and how many were runnable together.

    `parallelism` is the average number of *worker* processes wanting a processor while at least one did; other work on
    the machine does not change it, because a process in line for a processor counts as much as one on it.
    `unattributed` is what ended processes used after their last sample.
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
        self._first: dict[int, processes.CpuTimes] = {}
        self._last: dict[int, processes.CpuTimes] = {}
        self._together = self._any = 0.0
        self.sample()
        self._first.setdefault(main, processes.CpuTimes(0, 0))

    def sample(self) -> None:
        wanted = []
        for pid in processes.descendants(self._main):
            now = processes.cpu_times(pid)
            if now is None:
                continue
            before = self._last.get(pid, processes.CpuTimes(0, 0))
            if pid != self._main:
                wanted.append(max(0.0, now.wanted - before.wanted))
            self._first.setdefault(pid, now if pid == self._main else processes.CpuTimes(0, 0))
            self._last[pid] = now
        self._together += sum(wanted)
        self._any += max(wanted, default=0.0)

    def use(self, total: float) -> CpuUse:
        """`total` is the whole tree's CPU time over the run, ended processes included."""
        self.sample()
        used = {pid: last.used - self._first[pid].used for pid, last in self._last.items()}
        main = used.pop(self._main, 0.0)
        return CpuUse(main, used, total, self._together / self._any if self._any else 0.0)
