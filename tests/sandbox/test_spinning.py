"""Who spins is found out slowly, and sooner once that is known of the file's main thread."""

from __future__ import annotations

import pytest

from grader.sandbox import processes
from grader.sandbox.job_time import JobTime
from grader.sandbox.processes import Task, TaskState
from grader.sandbox.spinning import SpinWatch
from grader.sandbox.stillness import SPIN_CPU_S, Stillness

MAIN, WORKER = 7, 8
A_LITTLE_S = 0.02


class Kernel:
    """A player of two threads, and the number of bytes that have been moved."""

    main = MAIN

    def __init__(self) -> None:
        self.used_s = {MAIN: 0.0, WORKER: 0.0}
        self.worker, self.moved = TaskState.PARKED, 0

    def pids(self) -> list[int]:
        return [MAIN]

    def cpu_s(self) -> float:
        return sum(self.used_s.values())

    def tasks(self, pids: list[int]) -> list[Task]:
        return [Task(MAIN, MAIN, TaskState.RUNNABLE, 0), Task(MAIN, WORKER, self.worker, 0)]


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setattr(processes, "tasks", kernel.tasks)
    monkeypatch.setattr(processes, "thread_cpu_s", lambda pid, tid: kernel.used_s[tid])
    return kernel


def watch_of(kernel: Kernel, job_time: JobTime | None = None) -> SpinWatch:
    return SpinWatch(kernel, lambda: kernel.moved, job_time or JobTime(90))  # type: ignore[arg-type,return-value]


def found(watch: SpinWatch, kernel: Kernel, burnt_s: float, by: int = MAIN) -> Stillness | None:
    """In four looks, from the moment at which something has happened."""
    watch.reset()
    seen = watch.look()
    for _ in range(3):
        kernel.used_s[by] += burnt_s / 3
        seen = watch.look()
    return seen


def test_little_says_nothing(kernel: Kernel) -> None:
    assert found(watch_of(kernel), kernel, SPIN_CPU_S / 2) is None


def test_once_known_little_is_enough(kernel: Kernel) -> None:
    watch = watch_of(kernel)
    assert found(watch, kernel, 1.1 * SPIN_CPU_S) is Stillness.SPINNING
    assert found(watch, kernel, A_LITTLE_S) is Stillness.SPINNING
    watch.begin()
    assert found(watch, kernel, A_LITTLE_S) is Stillness.SPINNING


def test_a_fresh_player_of_the_same_file_has_time_for_its_first_steps(kernel: Kernel) -> None:
    job_time = JobTime(90)
    found(watch_of(kernel, job_time), kernel, 1.1 * SPIN_CPU_S)
    watch = watch_of(kernel, job_time)
    assert found(watch, kernel, A_LITTLE_S) is None
    assert found(watch, kernel, SPIN_CPU_S / 2) is Stillness.SPINNING
    assert found(watch, kernel, A_LITTLE_S) is Stillness.SPINNING


def test_what_others_burn_says_nothing_of_the_main_thread(kernel: Kernel) -> None:
    job_time = JobTime(90)
    assert found(watch_of(kernel, job_time), kernel, 1.1 * SPIN_CPU_S, by=WORKER) is Stillness.SPINNING
    assert not job_time.spun


def test_while_another_one_can_move_it_is_not_believed_sooner(kernel: Kernel) -> None:
    watch = watch_of(kernel)
    found(watch, kernel, 1.1 * SPIN_CPU_S)
    watch.begin()
    kernel.worker = TaskState.RUNNABLE
    assert found(watch, kernel, A_LITTLE_S) is None


def test_who_moves_bytes_is_at_work(kernel: Kernel) -> None:
    watch = watch_of(kernel)
    found(watch, kernel, 1.1 * SPIN_CPU_S)
    watch.reset()
    for _ in range(9):
        kernel.moved += 1
        kernel.used_s[MAIN] += A_LITTLE_S
        assert watch.look() is not Stillness.SPINNING
