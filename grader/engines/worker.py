"""A trusted worker process: judges one job at a time, each in a forked child of its own, and prints the results.

Run as `python -m grader.engines.worker SETTINGS` (JSON). It prints READY once it can judge. Then jobs come in as lines
on standard input, and results go out as lines on standard output. Forking from a warm parent makes a job cheap, keeps
pytest's state and memory from adding up over a class, and lets a job that hangs or dies cost nobody else anything. The
end of input, as when the grader is killed, ends the worker and everything below it.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import resource
import select
import signal
import sys
import time
import traceback
from ctypes import c_double
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.catalogue import load_catalogue
from grader.judging.judge import Suite
from grader.player import limits
from grader.results import ExerciseResult
from grader.sandbox import processes
from grader.sandbox.cgroup import remove_stale_groups
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.rungs import Rung
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.scratch import remove_stale_folders
from grader.serialization import from_json, to_json

from .endings import how_it_ended
from .hanging import LOOK_EVERY_S, HangWatch
from .jobs import Job
from .turns import JobFailedError, in_turns

READY = "ready\n"
# By the clock, for where it is not told that a judge hangs. No job comes near it, however busy the machine: each has a
# time of its own (`grader.judging.recorder`).
JOB_CEILING_S = 3600
_JUDGE_CPU_S = 60  # of the judge itself, which needs a few; its players have their own limits


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker is started with. `root` is the catalogue's checkout, empty for the installed one."""

    python: str
    rung: str
    root: str = ""

    def to_json(self) -> str:
        return json.dumps(to_json(self))


def main() -> None:
    settings = from_json(Settings, json.loads(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    results, sys.stdout = sys.stdout, sys.stderr
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # suites may import NumPy, and no process with threads may fork
    catalogue = load_catalogue(Path(settings.root) if settings.root else None)
    exercises = {exercise.name: exercise for exercise in catalogue.exercises}
    suites: dict[str, Suite] = {}
    remove_stale_groups()
    remove_stale_folders()
    with Sandbox(find_interpreter(settings.python), Rung(settings.rung)) as sandbox:
        results.write(READY)
        results.flush()
        for line in iter(sys.stdin.buffer.readline, b""):
            job = Job.from_line(line)
            if job.exercise not in suites:
                suites[job.exercise] = Suite.collect(exercises[job.exercise])
                sandbox.prepare(exercises[job.exercise].packages)
            judge = partial(_judge_in_child, suites[job.exercise], sandbox)
            result = in_turns(job, exercises[job.exercise], judge)
            results.write(json.dumps({"key": job.key, "result": to_json(result)}) + "\n")
            results.flush()


def _judge_in_child(suite: Suite, sandbox: Sandbox, job: Job) -> ExerciseResult:
    """Raises JobFailedError."""
    reading, writing = os.pipe()
    used = c_double.from_buffer(mmap.mmap(-1, mmap.PAGESIZE))  # shared with the child, and there if that dies
    used.value = job.used_s
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(suite, job, sandbox, writing, used)
    os.close(writing)
    said, hung = b"", ""
    try:
        said = _read_all(reading, child)
    except TimeoutError as e:
        hung = str(e)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status, judge = os.wait4(child, 0)
        os.close(reading)
    try:
        return from_json(ExerciseResult, json.loads(said))
    except ValueError as e:
        ended = f"the judge's process {how_it_ended(os.waitstatus_to_exitcode(status))}"
        why = hung or said.decode("utf-8", "replace").strip().rstrip(".") or ended
        # Where the judge has come to grief over a file, its work is charged to that.
        raise JobFailedError(why, used.value + judge.ru_utime + judge.ru_stime) from e


def _child(suite: Suite, job: Job, sandbox: Sandbox, writing: int, used: c_double) -> None:
    try:
        limits.die_with_parent()
        resource.setrlimit(resource.RLIMIT_CPU, (_JUDGE_CPU_S, _JUDGE_CPU_S))
        result = suite.judge(job.source, sandbox, job.seed, job.only, job.schedules, judged=job.judged, used=used)
        said = json.dumps(to_json(result))
    except BaseException:
        said = traceback.format_exc().strip().splitlines()[-1]
    with os.fdopen(writing, "w") as file:
        file.write(said)
    os._exit(0)


def _read_all(reading: int, child: int) -> bytes:
    """Everything until the child closes its end. Raises TimeoutError where it hangs."""
    chunks: list[bytes] = []
    watch = HangWatch(child, lambda: processes.descendants(os.getpid())[1:])
    give_up = time.monotonic() + JOB_CEILING_S
    while True:
        ready, _, _ = select.select([reading, sys.stdin], [], [], LOOK_EVERY_S)
        if reading in ready:
            if not (chunk := os.read(reading, 1 << 16)):
                return b"".join(chunks)
            chunks.append(chunk)
        elif ready and not os.read(sys.stdin.fileno(), 1):
            raise SystemExit  # the grader is gone
        elif watch.hangs():
            raise TimeoutError("the judge's process hung: it waited, and nothing was left that could go on")
        elif time.monotonic() > give_up:
            raise TimeoutError(f"the judge's process was not done within {JOB_CEILING_S} s")


if __name__ == "__main__":
    main()
