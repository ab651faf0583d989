"""From one student's source to one ExerciseResult: lay the file out, run the hidden suite's checks, add up.

pytest collects a suite once, and any number of files are judged by it, each best in a forked child of its own: what a
suite's module keeps is then as it was. Each check is run by pytest's own hook for one test, which sets up, calls and
tears down all it needs, and so does not mind that the session in which it was collected is over.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_double
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from grader.catalogue import Exercise
from grader.cuda import choice
from grader.results import Check, ExerciseResult, Verdict
from grader.sandbox.job_time import JobTime
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.scratch import temporary_folder
from grader.text import clean

from .marks import disagreements
from .plugin import Plugin
from .recorder import Recorder, seconds_of_a_job
from .sources import unusable
from .student import Forger, RunAs, Subject

_OUTPUT_SHOWN = 4000
# Parts of pytest that a judge has no use for, or that work only while a session is open; `unraisableexception` collects
# garbage five times at the end of each run.
_UNNEEDED = (
    "terminal",
    "capture",
    "cacheprovider",
    "unraisableexception",
    "threadexception",
    "faulthandler",
    "junitxml",
    "doctest",
    "logging",
    "stepwise",
    "concurrency-kit",
    "hypothesispytest",
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


@dataclass(frozen=True)
class Suite:
    """The hidden suite of an exercise, as pytest has collected it.

    `trouble` says why it could not, or in what the suite and exercise.toml do not agree: then nothing can be judged.
    """

    exercise: Exercise
    plugin: Plugin
    trouble: str = ""

    @classmethod
    def collect(cls, exercise: Exercise) -> Suite:
        """Plain asserts: rewriting would turn our Feedback into text, and compare a student's values at its leisure."""
        if broken := " ".join(unusable(exercise)):
            return cls(exercise, Plugin(), broken)
        options = ["--assert=plain", "--import-mode=importlib", "--noconftest", "-c", os.devnull]
        options += [word for name in _UNNEEDED for word in ("-p", f"no:{name}")]
        plugin, said = Plugin(), io.StringIO()
        # Else pytest would take a suite of the same name for this one, where it is of another catalogue.
        sys.modules.pop(exercise.hidden_tests.stem, None)
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = pytest.main([*options, f"--rootdir={exercise.suite}", str(exercise.hidden_tests)], [plugin])
        if status == pytest.ExitCode.OK:
            return cls(exercise, plugin, " ".join(disagreements(exercise, plugin.items)))
        return cls(exercise, plugin, (plugin.trouble or said.getvalue()).strip()[-1500:] or f"pytest: {status}")

    def judge(
        self,
        source: bytes,
        sandbox: Sandbox,
        seed: int,
        only: str = "",
        schedules: int = 0,
        forger: Forger | None = None,
        judged: Sequence[Check] = (),
        used: c_double | None = None,
    ) -> ExerciseResult:
        """Judges one file. Never raises for anything the student's code does.

        `only` names the one check that is wanted, with what it depends on; `schedules` how many to explore instead of
        as many as the suite says; `forger` changes what the student's side tells, and then trouble is told as it is.
        `judged` are the checks whose verdict stands from an earlier turn; `used` holds the seconds of its own time that
        the file has used by then, and grows.
        """
        began, cpu = time.monotonic(), time.process_time()
        with self._recorder(source, sandbox, RunAs(only, seed, schedules=schedules), used) as recorder:
            recorder.forger, recorder.prove = forger, forger is None
            recorder.judged = {check.name: check for check in judged}
            trouble = self._record(recorder)
        verdict, message = _summarize(recorder, trouble)
        return ExerciseResult(
            exercise=self.exercise.name,
            verdict=verdict,
            score=sum(check.points for check in recorder.checks),
            max_score=_max_score(self.exercise, recorder.checks, trouble),
            checks=recorder.checks,
            message=message,
            sandbox=sandbox.rung.name,
            python=sandbox.interpreter.version,
            device=choice.GRADING if "pycuda" in self.exercise.packages else "",
            seed=seed,
            output=clean(recorder.output, _OUTPUT_SHOWN),
            duration_s=round(time.monotonic() - began, 3),
            judge_cpu_s=round(time.process_time() - cpu, 3),
            own_s=round(recorder.own.used_s, 3),
            diagnoses=recorder.diagnoses,
        )

    def replay(self, source: bytes, sandbox: Sandbox, token: str) -> Check | None:
        """Runs one schedule of one check again; None if the suite has no such check.

        Raises ValueError for a bad token.
        """
        with self._recorder(source, sandbox, RunAs.parse(token)) as recorder:
            recorder.prove = False  # it is one's own code, and no verdict that counts
            self._record(recorder)
        return recorder.checks[0] if recorder.checks else None

    @contextmanager
    def _recorder(
        self, source: bytes, sandbox: Sandbox, run_as: RunAs, used: c_double | None = None
    ) -> Iterator[Recorder]:
        exercise = self.exercise
        if run_as.schedules:
            exercise = replace(exercise, limits=exercise.limits.for_exploring(run_as.schedules))
        with temporary_folder() as folder, temporary_folder() as beside:
            stub = _lay_out(exercise, exercise.stub.read_bytes(), beside)
            submission = _lay_out(exercise, source, folder)
            reference = partial(_laid_out_reference, exercise) if exercise.reference is not None else None
            own = JobTime(seconds_of_a_job(run_as), used)
            yield Recorder(sandbox, submission, stub, exercise.checks, run_as, own, reference)

    def _record(self, recorder: Recorder) -> str:
        """Returns what was wrong with the suite, if anything was."""
        if self.trouble:
            return self.trouble
        self.plugin.recorder = recorder
        try:
            recorder.record(self.plugin.items)
        except Exception as e:
            return f"{type(e).__name__}: {e}"
        return "" if recorder.checks else "there is no check to run"


def _lay_out(exercise: Exercise, source: bytes, folder: Path) -> Subject:
    contents = {given.name: given.read_bytes() for given in exercise.given_files} | {f"{exercise.name}.py": source}
    for name, content in contents.items():
        file = folder / name
        file.write_bytes(content)
        file.chmod(0o644)
    return Subject(folder, exercise.name, exercise.interface, exercise.scenarios, exercise.limits, exercise.packages)


@contextmanager
def _laid_out_reference(exercise: Exercise) -> Iterator[Subject]:
    """In a folder of its own that no student's player is shown, and no longer than it is needed."""
    assert exercise.reference is not None
    with temporary_folder() as folder:
        yield _lay_out(exercise, exercise.reference.read_bytes(), folder)


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
