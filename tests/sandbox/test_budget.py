"""What counts against a player when, told by a kernel of the test's own: its time passes as the test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from grader.results import Verdict
from grader.sandbox.budget import Budget
from grader.sandbox.job_time import JobTime, Meter
from grader.sandbox.limits import Limits
from grader.sandbox.outcomes import PlayerEndedError
from grader.sandbox.owntime import OwnTime
from grader.sandbox.processes import Task, TaskState

LIMITS = Limits(cpu_s=5, idle_s=20)
WAITING = Task(7, 7, TaskState.PARKED_WITH_TIMEOUT, 0)


@dataclass
class Kernel:
    """Its clock goes on when the test says so, and it keeps the accounts of one player."""

    now: float = 100.0
    used: float = 3.0
    wants: bool = False
    written_mb: float = 0.0
    accounted_exactly: bool = True
    threads: list[Task] = field(default_factory=lambda: [WAITING])

    def clock(self) -> float:
        return self.now

    def cpu_s(self) -> float:
        return self.used

    def disk_mb(self) -> float:
        return self.written_mb

    def wants_processor(self) -> bool:
        return self.wants

    def tasks(self) -> list[Task]:
        return self.threads


def watched(kernel: Kernel, seconds: float, every: float, passing: Callable[[], None]) -> PlayerEndedError | None:
    """What ends a player that is looked at so often for so long, while `passing` happens before each look."""
    time = OwnTime(kernel, kernel.clock)
    budget = Budget(LIMITS, kernel, time)
    for _ in range(int(seconds / every)):
        kernel.now += every
        passing()
        time.look()
        if ended := budget.exceeded("the call"):
            return ended
    return None


def test_who_idles_is_ended_after_its_limit() -> None:
    kernel = Kernel()
    ended = watched(kernel, 60, 0.02, lambda: None)
    assert ended is not None and ended.verdict is Verdict.TIMEOUT
    assert 20 <= kernel.now - 100 < 22


def test_who_waits_for_a_processor_is_not() -> None:
    kernel = Kernel(wants=True)
    assert watched(kernel, 600, 0.02, lambda: None) is None


def test_threads_may_come_and_go_meanwhile() -> None:
    """An exploration on an overloaded machine: each look finds other threads, all of them in line."""
    kernel = Kernel(wants=True)

    def another_thread() -> None:
        kernel.used += 0.0004
        kernel.threads = [Task(7, kernel.threads[0].tid + 1, TaskState.RUNNABLE, 1)]

    assert watched(kernel, 200, 0.02, another_thread) is None


def test_a_look_that_comes_late_counts_as_one_that_comes_in_time() -> None:
    kernel = Kernel()
    assert watched(kernel, 100, 1.0, lambda: None) is None


def test_however_late_looks_come_who_idles_is_ended() -> None:
    kernel = Kernel()
    ended = watched(kernel, 1000, 1.0, lambda: None)
    assert ended is not None and ended.verdict is Verdict.TIMEOUT


def test_processor_time_is_hard_whoever_waits() -> None:
    kernel = Kernel(wants=True)

    def run() -> None:
        kernel.used += 0.01

    ended = watched(kernel, 60, 0.02, run)
    assert ended is not None and "CPU time (limit 5 s)" in str(ended)


def test_who_runs_does_not_idle_though_no_look_meets_it_running() -> None:
    kernel = Kernel()
    time = OwnTime(kernel, kernel.clock)
    for _ in range(1000):
        kernel.now, kernel.used = kernel.now + 0.05, kernel.used + 0.05
        time.look()
    assert time.idle_s < 0.001
    assert abs(time.cpu_s - 50) < 0.001


def test_who_runs_now_and_then_idles_the_rest_of_the_time() -> None:
    """Running at some looks and sleeping at all others buys as much time as was run."""
    kernel = Kernel()

    def run_at_every_tenth() -> None:
        kernel.wants = not kernel.wants and round(kernel.now / 0.05) % 10 == 0

    ended = watched(kernel, 60, 0.05, run_at_every_tenth)
    assert ended is not None and ended.verdict is Verdict.TIMEOUT


def test_nobody_waits_for_a_processor_for_ever() -> None:
    ended = watched(Kernel(wants=True), 2000, 0.05, lambda: None)
    assert ended is not None and (ended.verdict, "overloaded" in str(ended)) == (Verdict.INFRA, True)


def test_what_is_written_is_limited() -> None:
    ended = watched(Kernel(written_mb=65), 1, 0.05, lambda: None)
    assert ended is not None and "64 MiB" in str(ended)


def idled(kernel: Kernel, waits_for_us: bool = False, ran: float = 0.0) -> float:
    """The share of the time that counts as idle, where a starved judge looks once in a second."""
    time = OwnTime(kernel, kernel.clock)
    for _ in range(100):
        kernel.now, kernel.used = kernel.now + 1, kernel.used + ran
        time.look(lambda: waits_for_us)
    return time.idle_s / time.elapsed_s


def test_who_sleeps_while_the_judge_is_starved_idles_all_the_same() -> None:
    assert idled(Kernel()) == 1


@pytest.mark.parametrize(
    "share",
    [
        pytest.param(lambda: idled(Kernel(), waits_for_us=True), id="waits for the judge"),
        pytest.param(lambda: idled(Kernel(), ran=1e-6), id="has run, and may have been in line before"),
        pytest.param(lambda: idled(Kernel(accounted_exactly=False)), id="may have run unseen"),
        pytest.param(lambda: idled(Kernel(wants=True)), id="is in line"),
    ],
)
def test_a_late_look_proves_little_of_anybody_else(share: Callable[[], float]) -> None:
    assert share() < 0.1


def test_a_machine_that_stood_still_makes_nobody_late() -> None:
    kernel = Kernel()
    time = OwnTime(kernel, kernel.clock)
    kernel.now += 3600
    time.look(lambda: False)
    assert time.idle_s < 3


def charged(kernel: Kernel, job_time: JobTime, seconds: float, ran: float = 0.0) -> JobTime:
    """The job, after a request of so many seconds, which has run for `ran` of each of them."""
    meter = Meter(job_time, OwnTime(kernel, kernel.clock))
    for _ in range(int(seconds / 0.05)):
        kernel.now, kernel.used = kernel.now + 0.05, kernel.used + 0.05 * ran
        meter.time.look()
        meter.require_rest()
    meter.charge()
    return job_time


def test_a_job_pays_for_running_and_for_idling_once() -> None:
    job_time = charged(Kernel(), JobTime(90), 20, ran=0.25)
    assert 19 < job_time.used_s <= 20.1


def test_a_job_does_not_pay_for_what_the_machine_withheld() -> None:
    job_time = charged(Kernel(wants=True), JobTime(90), 200, ran=0.02)
    assert (round(job_time.used_s), round(job_time.elapsed_s)) == (4, 200)


def test_all_requests_of_a_job_share_its_time() -> None:
    job_time = charged(Kernel(), JobTime(10), 6)
    with pytest.raises(PlayerEndedError, match="used up the 10 s"):
        charged(Kernel(), job_time, 6)


def test_processes_that_are_not_accounted_for_yet_cost_nothing() -> None:
    """Without a control group an ended process is in no account until somebody has waited for it."""
    kernel, job_time = Kernel(wants=True, used=8.0), JobTime(90)
    meter = Meter(job_time, OwnTime(kernel, kernel.clock))
    for used in (10.0, 4.0, 10.0, 4.0, 10.0):
        kernel.now, kernel.used = kernel.now + 1, used
        kernel.wants = used > 4
        meter.time.look()
        meter.charge()
    assert job_time.used_s < 2.2


def test_a_starved_job_is_trouble_and_may_be_given_another_chance() -> None:
    job_time = charged(Kernel(wants=True), JobTime(10), 299)
    with pytest.raises(PlayerEndedError, match="overloaded") as ended:
        charged(Kernel(wants=True), job_time, 2)
    assert ended.value.verdict is Verdict.INFRA
    job_time.forgive_starvation()
    charged(Kernel(wants=True), job_time, 2)
