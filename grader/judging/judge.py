"""From one student's source to one ExerciseResult: lay the file out, run the hidden suite with pytest, add up."""

from __future__ import annotations

import contextlib
import io
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from grader.catalogue import Exercise
from grader.results import Check, ExerciseResult, Verdict
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.scratch import temporary_folder
from grader.text import clean

from .plugin import Recorder
from .student import RunAs, Submission

_OUTPUT_SHOWN = 4000
# Parts of pytest that a judge has no use for; the second of them collects garbage five times at the end of each run.
_UNNEEDED = (
    "cacheprovider",
    "unraisableexception",
    "threadexception",
    "faulthandler",
    "junitxml",
    "doctest",
    "logging",
    "stepwise",
    "concurrency-kit",
)
# Worst first: an exercise's verdict is the first of these that one of its checks has.
_SEVERITY = [
    *(
        Verdict.CRASH,
        Verdict.MEMORY,
        Verdict.TIMEOUT,
        Verdict.DEADLOCK,
        Verdict.RACE,
        Verdict.LEAK,
        Verdict.ERROR,
    ),
    *(Verdict.FAIL, Verdict.SKIPPED, Verdict.INFRA, Verdict.NOT_MEASURABLE),
]


def judge(
    exercise: Exercise, source: bytes, sandbox: Sandbox, seed: int, only: str = "", schedules: int = 0
) -> ExerciseResult:
    """Judges one file. Never raises for anything the student's code does.

    `only` names the one check that is wanted, with what it depends on; `schedules` how many to explore instead of as
    many as the suite says.
    """
    began, cpu = time.monotonic(), time.process_time()
    if schedules:
        exercise = replace(exercise, limits=exercise.limits.for_exploring(schedules))
    with temporary_folder() as folder, temporary_folder() as beside:
        stub = _lay_out(exercise, exercise.stub.read_bytes(), beside)
        recorder = Recorder(sandbox, _lay_out(exercise, source, folder), stub, seed, only, schedules)
        trouble = _run_pytest(exercise, recorder)
    verdict, message = _summarize(recorder, trouble)
    return ExerciseResult(
        exercise=exercise.name,
        verdict=verdict,
        score=sum(check.points for check in recorder.checks),
        max_score=_max_score(exercise, recorder.checks, trouble),
        checks=recorder.checks,
        message=message,
        sandbox=sandbox.rung.name,
        python=sandbox.interpreter.version,
        seed=seed,
        output=clean(recorder.output, _OUTPUT_SHOWN),
        duration_s=round(time.monotonic() - began, 3),
        judge_cpu_s=round(time.process_time() - cpu, 3),
    )


def replay(exercise: Exercise, source: bytes, sandbox: Sandbox, token: str) -> Check | None:
    """Runs one schedule of one check again; None if the suite has no such check. Raises ValueError for a bad token."""
    about = RunAs.parse(token)
    with temporary_folder() as folder, temporary_folder() as beside:
        stub = _lay_out(exercise, exercise.stub.read_bytes(), beside)
        recorder = Recorder(sandbox, _lay_out(exercise, source, folder), stub, about.seed, about.check, replay=about)
        _run_pytest(exercise, recorder)
    return recorder.checks[0] if recorder.checks else None


def _lay_out(exercise: Exercise, source: bytes, folder: Path) -> Submission:
    file = folder / f"{exercise.name}.py"
    file.write_bytes(source)
    file.chmod(0o644)
    return Submission(folder, exercise.name, exercise.interface, exercise.scenarios, exercise.limits)


def _run_pytest(exercise: Exercise, recorder: Recorder) -> str:
    """Returns what pytest had to say if it could not run the suite.

    Plain asserts: rewriting would turn our Feedback into text, and compare a student's values at its leisure.
    """
    options = ["--assert=plain", "--import-mode=importlib", "--capture=no", "--noconftest", "-q", "-c", os.devnull]
    options += [word for name in _UNNEEDED for word in ("-p", f"no:{name}")]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = pytest.main([*options, f"--rootdir={exercise.suite}", str(exercise.hidden_tests)], plugins=[recorder])
    return (
        ""
        if status == pytest.ExitCode.OK and recorder.checks
        else said.getvalue().strip()[-1500:] or f"pytest: {status}"
    )


def _summarize(recorder: Recorder, trouble: str) -> tuple[Verdict, str]:
    if trouble:
        return Verdict.INFRA, f"The hidden suite could not be run: {clean(trouble)}"
    if recorder.unloadable is not None:
        check = recorder.unloadable
        where = f" Where to look: {check.look_at}." if check.look_at else ""
        return check.verdict, f"The file could not be used: {check.message}{where}"
    found = {check.verdict for check in recorder.checks}
    return next((verdict for verdict in _SEVERITY if verdict in found), Verdict.PASS), ""


def _max_score(exercise: Exercise, checks: list[Check], trouble: str) -> float:
    """Checks that could not be measured, or that we failed to judge, are not part of what could be reached."""
    if trouble:
        return sum(check.max_points for check in checks if check.verdict.counts)
    return exercise.max_score - sum(check.max_points for check in checks if not check.verdict.counts)
