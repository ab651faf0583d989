"""A judge that hangs is known by what the kernel tells of it, and of all that it could be waiting for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.engines import worker
from grader.engines.hanging import LOOK_EVERY_S, LOOKS, HangWatch
from grader.engines.jobs import Job
from grader.engines.turns import in_turns
from grader.judging.judge import Suite
from grader.results import ExerciseResult, Verdict
from grader.sandbox import processes
from grader.sandbox.sandbox import Sandbox

from .test_worker_death import DEADLY_WORD, RIGHT, copy_dying_of_a_word

pytestmark = pytest.mark.skipif(not processes.PROVES_STOPS, reason=processes.NO_PROOF)


@pytest.fixture
def waiting() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits for a line, answers it, and waits for the next."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        answered(process)
        yield process
        process.kill()


def answered(process: subprocess.Popen[bytes]) -> None:
    """It has answered, and waits again."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"line\n")
    process.stdout.read(5)
    wait_until_parked(process.pid)


def wait_until_parked(pid: int) -> None:
    while processes.parked_tasks([pid]) is None:
        os.sched_yield()


def test_who_waits_for_nobody_hangs_after_many_looks(waiting: subprocess.Popen[bytes]) -> None:
    watch = HangWatch(waiting.pid, lambda: [waiting.pid])
    assert [watch.hangs() for _ in range(LOOKS + 1)] == [False] * LOOKS + [True]


def test_who_is_stopped_hangs(waiting: subprocess.Popen[bytes]) -> None:
    waiting.send_signal(signal.SIGSTOP)
    watch = HangWatch(waiting.pid, lambda: [waiting.pid])
    assert any(watch.hangs() for _ in range(10 * LOOKS))


def test_who_runs_now_and_then_does_not_hang(waiting: subprocess.Popen[bytes]) -> None:
    watch = HangWatch(waiting.pid, lambda: [waiting.pid])
    for look in range(3 * LOOKS):
        if look % (LOOKS // 2) == 0:
            answered(waiting)
        assert not watch.hangs()


def test_nobody_hangs_while_what_it_may_wait_for_wants_a_processor(waiting: subprocess.Popen[bytes]) -> None:
    """Which is what it does all the time where it does not get one."""
    watch = HangWatch(waiting.pid, lambda: [waiting.pid, os.getpid()])
    assert not any(watch.hangs() for _ in range(3 * LOOKS))


def test_a_judge_that_one_file_makes_hang_is_that_files_fault(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is noticed long before the ceiling; the reference is judged in between."""
    root = copy_dying_of_a_word(tmp_path, "os.read(os.pipe()[0], 1)")
    (exercise,) = load_catalogue(root).select(["double_all"])
    suite = Suite.collect(exercise)
    reading, writing = os.pipe()
    with os.fdopen(reading) as grader, os.fdopen(writing, "w"):
        monkeypatch.setattr(sys, "stdin", grader)

        def judge(job: Job) -> ExerciseResult:
            """Looking often where it will hang; a judge that works may well wait for a part of a second."""
            pace = 0.01 if DEADLY_WORD in job.source else LOOK_EVERY_S
            monkeypatch.setattr(worker, "LOOK_EVERY_S", pace)
            return worker._judge_in_child(suite, sandbox, job)

        found = in_turns(Job("a", "double_all", RIGHT + DEADLY_WORD, 7), exercise, judge)
        right = in_turns(Job("b", "double_all", RIGHT, 7), exercise, judge)
    assert (found.verdict, "the judge's process hung" in found.message) == (Verdict.ERROR, True)
    assert found.diagnoses[0].reference == "was judged, and passes"
    assert (right.verdict, right.diagnoses) == (Verdict.PASS, [])
