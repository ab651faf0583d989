"""One file judged by the checks of a hidden suite, as pytest has collected them."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from grader.catalogue import HiddenCheck
from grader.evidence.feedback import Feedback, NotMeasurableError
from grader.evidence.schedules import note_of
from grader.results import Check, Diagnosis, Verdict
from grader.sandbox.job_time import JobTime
from grader.sandbox.outcomes import MissingNamesError, PlayerEndedError, StudentRaisedError, describe, place
from grader.sandbox.sandbox import Sandbox
from grader.text import clean

from .marks import read_mark
from .student import Forger, RunAs, Student, Subject
from .turns import in_turns

# Of its own time, whatever the checks, in all turns: `tests.benchmarks.job_times` says what right solutions take.
JOB_S = 90.0
_ENOUGH_TIMEOUTS = 2
_SUITES = "suites/*/*/test_*.py"
_PHASES = ["setup", "call", "teardown"]


def seconds_of_a_job(run_as: RunAs) -> float:
    """What all its checks may take together; more for more schedules."""
    return JOB_S * max(1.0, run_as.schedules / 800)


@dataclass
class Recorder:
    """What is judged goes in, checks come out. `promised` are the kinds and points of exercise.toml, by check.

    `reference`: lays the reference solution out for as long as it is needed; None where there is none, and then trouble
    stays what it is. `prove`: whether trouble has to be proven to be ours. `judged` are the checks, by name, whose
    verdict stands from an earlier turn.
    """

    sandbox: Sandbox
    submission: Subject
    stub_submission: Subject
    promised: Mapping[str, HiddenCheck]
    run_as: RunAs
    own: JobTime
    reference: Callable[[], AbstractContextManager[Subject]] | None = None
    prove: bool = True
    forger: Forger | None = None
    judged: Mapping[str, Check] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    unloadable: Check | None = None
    loaded: Student | None = None
    output: str = ""
    players: list[Student] = field(default_factory=list)  # that the check which is judged has asked for
    phases: list[pytest.CallInfo[None]] = field(default_factory=list)  # of that check, as far as they are over
    diagnoses: list[Diagnosis] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._playing = self.submission  # or the reference, while it has its turn
        self._job_time = self.own

    def record(self, items: Iterable[pytest.Item]) -> None:
        """Adds a check for each of them that is wanted."""
        for item in self._wanted(list(items)):
            self.checks.append(self.judged.get(item.name) or self._check(item))

    def _check(self, item: pytest.Item) -> Check:
        outline = self._outline(item)
        began = time.monotonic()
        check = self._without_judging(item, outline) or self._judged(item, outline)
        return replace(check, duration_s=round(time.monotonic() - began, 3))

    def _wanted(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The one check that is asked for, if one is, with what it depends on, which a replay is not interested in."""
        if not self.run_as.check:
            return items
        needs = {item.name: read_mark(item).depends_on for item in items}
        wanted = {self.run_as.check}
        while (needed := {needs.get(name, "") for name in wanted} - wanted - {""}) and not self.run_as.schedule:
            wanted |= needed
        return [item for item in items if item.name in wanted]

    def student(self, check: str) -> Student:
        """A fresh player for each check; the first gets the one that showed that the file can be loaded."""
        if self._playing is self.submission and self.loaded is not None:
            student, self.loaded = self.loaded, None
        else:
            student = Student(self.sandbox, self._playing, self._job_time)
        student.run_as = replace(self.run_as, check=check)
        if self._playing is self.submission and self.forger is not None and self.forger.check == check:
            student.forger = self.forger
        self.players.append(student)
        return student

    def stub(self) -> Student:
        """A player with the exercise's stub."""
        stub = Student(self.sandbox, self.stub_submission, self._job_time)
        self.players.append(stub)
        return stub

    def rng(self, check: str) -> random.Random:
        return random.Random(f"{self.run_as.seed}:{check}")

    def finish(self, student: Student) -> None:
        """Closes it, and keeps what it has printed."""
        student.close()
        if self._playing is self.submission:
            self.output = self.output or student.output

    def _without_judging(self, item: pytest.Item, outline: Check) -> Check | None:
        """The check as skipped, with the reason, if something before it makes judging it pointless."""
        if self.own.used_up:
            return replace(
                outline,
                verdict=Verdict.TIMEOUT,
                message=f"not judged, because those before it have {self.own.used_up_what()}",
            )
        if not self.checks:
            self.unloadable = self._unloadable(outline)
        if self.unloadable is not None:
            return _skipped(outline, self.unloadable, "not judged, because the file could not be used")
        late = [check for check in self.checks if check.verdict is Verdict.TIMEOUT]
        if len(late) >= _ENOUGH_TIMEOUTS:
            return _skipped(outline, late[0], f"not judged, because {len(late)} checks before it ran out of time")
        needed = read_mark(item).depends_on
        if not needed or self.run_as.schedule:
            return None
        found = next(check for check in self.checks if check.name == needed)
        if found.verdict is Verdict.PASS:
            return None
        return _skipped(outline, found, f"not judged, because “{found.title}” did not pass")

    def _unloadable(self, outline: Check) -> Check | None:
        """What is wrong with a file that cannot be loaded, as a verdict."""
        outline = replace(outline, name="")
        check = self._in_turns(lambda: self._try_loading(outline))
        return None if check.verdict is Verdict.PASS else check

    def _judged(self, item: pytest.Item, outline: Check) -> Check:
        return self._in_turns(lambda: self._judge(item, outline))

    def _in_turns(self, run: Callable[[], Check]) -> Check:
        """What comes of it with the file, or in turns with the reference where that is trouble of ours."""
        check = run()
        if check.verdict.counts or not self.prove:
            return check
        check, diagnosis = in_turns(check, self._by_reference(run), lambda: self._once_more(run))
        self.diagnoses.append(diagnosis)
        return check

    def _once_more(self, run: Callable[[], Check]) -> Check:
        """Where the machine was overloaded, the file must get the same chance as the reference."""
        self.own.forgive_starvation()
        return run()

    def _by_reference(self, run: Callable[[], Check]) -> Callable[[], Check] | None:
        """The same with the reference, in players of its own. Its time is its own, too, and nothing of it is kept."""
        lay_out = self.reference
        if lay_out is None:
            return None

        def control() -> Check:
            with lay_out() as reference:
                self._playing, self._job_time = reference, JobTime(self.own.seconds)
                try:
                    return run()
                finally:
                    self._playing, self._job_time = self.submission, self.own

        return control

    def _try_loading(self, outline: Check) -> Check:
        student = Student(self.sandbox, self._playing, self._job_time)
        try:
            student.load()
        except Exception as e:
            self.finish(student)
            return _judgement(e, outline, self.submission.module)
        if self._playing is self.submission:
            self.loaded = student
        else:
            student.close()
        return replace(outline, verdict=Verdict.PASS)

    def _judge(self, item: pytest.Item, outline: Check) -> Check:
        """Has pytest run it, as it runs any test; the plugin tells `phases` and the fixtures tell `players`."""
        self.players, self.phases = [], []
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        except Exception as e:  # of pytest's own, or of ours around it
            return _judgement(e, outline, self.submission.module)
        error = next((phase.excinfo.value for phase in self.phases if phase.excinfo is not None), None)
        if error is None and [phase.when for phase in self.phases] != _PHASES:
            error = RuntimeError(f"pytest has not run all of {item.name}")
        if error is not None:
            return self._with_shown(_judgement(error, outline, self.submission.module))
        note = note_of([summary for asked in self.players for summary in asked.summaries])
        return self._with_shown(replace(outline, verdict=Verdict.PASS, points=outline.max_points, message=note))

    def _outline(self, item: pytest.Item) -> Check:
        doc = (getattr(item, "function", None).__doc__ or "").strip()
        title = doc.splitlines()[0].rstrip(".") if doc else item.name
        promised = self.promised[item.name]
        seed = self.run_as.seed
        return Check(item.name, title, promised.kind, Verdict.INFRA, 0.0, float(promised.points), seed=seed)

    def _with_shown(self, check: Check) -> Check:
        """The check with all that the suite has shown on the way to its verdict."""
        kernels = [use for asked in self.players for use in asked.kernels]
        pictures = [picture for asked in self.players for picture in asked.pictures]
        return replace(check, kernels=kernels, pictures=pictures)


def _skipped(outline: Check, because_of: Check, reason: str) -> Check:
    """What we could not judge, or not measure, takes what builds on it along: neither costs the student points."""
    verdict = Verdict.SKIPPED if because_of.verdict.counts else because_of.verdict
    return replace(outline, verdict=verdict, message=reason)


def _judgement(error: BaseException, outline: Check, module: str) -> Check:
    """The check that ended with this exception. What no suite and no student can have meant is ours: infra."""
    if isinstance(error, AssertionError) and error.args and isinstance(error.args[0], Feedback):
        return _from_feedback(error.args[0], outline)
    if isinstance(error, StudentRaisedError):
        return _from_student_error(error, outline, f"{module}.py")
    if isinstance(error, MissingNamesError):
        return _explain(outline, Verdict.ERROR, "the names that the statement asks for", str(error), "")
    if isinstance(error, PlayerEndedError):
        return _explain(outline, error.verdict, "the call comes to an end by itself", error.seen, error.look_at)
    if isinstance(error, NotMeasurableError):
        return replace(outline, verdict=Verdict.NOT_MEASURABLE, message=str(error))
    said = clean(f"{type(error).__name__}: {error}", 600) + _place_in_suite(error)
    return replace(outline, verdict=Verdict.INFRA, message=f"The kit could not judge this check ({said}).")


def _place_in_suite(error: BaseException) -> str:
    """The innermost line of a suite's file that it came through, for whoever mends it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).match(_SUITES)]
    return f", in line {frames[-1].lineno} of {Path(frames[-1].filename).name}" if frames else ""


def _from_feedback(said: Feedback, outline: Check) -> Check:
    return replace(
        outline,
        verdict=said.verdict,
        message=clean(f"Expected {said.expected}; seen: {said.seen}."),
        expected=clean(said.expected),
        seen=clean(said.seen),
        look_at=clean(said.look_at),
        timeline=said.timeline,
        interleaving=said.interleaving,
        numbers=said.numbers,
    )


def _from_student_error(error: StudentRaisedError, outline: Check, file: str) -> Check:
    raised, where = error.raised, place(error.raised, file)
    if raised.is_a("NotImplementedError"):
        seen = f"{file} still raises NotImplementedError: this part is not written yet."
        return _explain(outline, Verdict.ERROR, "an implementation", seen, where)
    verdict = Verdict.MEMORY if raised.is_a("MemoryError") else Verdict.ERROR
    return _explain(outline, verdict, "no exception", f"Your code raised {describe(raised)}.", where)


def _explain(outline: Check, verdict: Verdict, expected: str, seen: str, look_at: str) -> Check:
    return replace(outline, verdict=verdict, message=seen, expected=expected, seen=seen, look_at=look_at)
