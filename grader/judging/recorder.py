"""One file judged by the checks of a hidden suite, as pytest has collected them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from grader.evidence.feedback import Feedback, NotMeasurableError
from grader.results import Check, Kind, Verdict
from grader.sandbox.outcomes import MissingNamesError, PlayerEndedError, StudentRaisedError, describe, place
from grader.sandbox.sandbox import Sandbox
from grader.text import clean

from .student import RunAs, Student, Submission

_ENOUGH_TIMEOUTS = 2


@dataclass
class Recorder:
    """What is judged goes in, checks come out."""

    sandbox: Sandbox
    submission: Submission
    stub_submission: Submission
    run_as: RunAs
    checks: list[Check] = field(default_factory=list)
    unloadable: Check | None = None
    loaded: Student | None = None
    output: str = ""

    def record(self, items: Iterable[pytest.Item]) -> None:
        """Adds a check for each of them that is wanted. Raises pytest.UsageError if one is not marked."""
        for item in self._wanted(list(items)):
            outline = _outline(item, self.run_as.seed)
            began = time.monotonic()
            check = self._without_judging(item, outline) or self._judge(item, outline)
            self.checks.append(replace(_with_shown(check, item), duration_s=round(time.monotonic() - began, 3)))

    def _wanted(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """The one check that is asked for, if one is, with what it depends on, which a replay is not interested in."""
        if not self.run_as.check:
            return items
        needs = {item.name: _mark(item)[1].get("depends_on") for item in items}
        wanted = {self.run_as.check}
        while (needed := {needs.get(name) for name in wanted} - wanted - {None}) and not self.run_as.schedule:
            wanted |= {name for name in needed if name is not None}
        return [item for item in items if item.name in wanted]

    def student(self, check: str) -> Student:
        """A fresh player for each check; the first gets the one that showed that the file can be loaded."""
        student, self.loaded = self.loaded or Student(self.sandbox, self.submission), None
        student.run_as = replace(self.run_as, check=check)
        return student

    def stub(self) -> Student:
        """A player with the exercise's stub."""
        return Student(self.sandbox, self.stub_submission)

    def rng(self, check: str) -> random.Random:
        return random.Random(f"{self.run_as.seed}:{check}")

    def finish(self, student: Student) -> None:
        """Closes it, and keeps what it has printed."""
        student.close()
        self.output = self.output or student.output

    def _without_judging(self, item: pytest.Item, outline: Check) -> Check | None:
        """The check as skipped, with the reason, if something before it makes judging it pointless."""
        if not self.checks:
            self.unloadable = self._try_loading(outline)
        if self.unloadable is not None:
            return _skipped(outline, self.unloadable, "not judged, because the file could not be used")
        late = [check for check in self.checks if check.verdict is Verdict.TIMEOUT]
        if len(late) >= _ENOUGH_TIMEOUTS:
            return _skipped(outline, late[0], f"not judged, because {len(late)} checks before it ran out of time")
        needed = _mark(item)[1].get("depends_on")
        if needed is None or self.run_as.schedule:
            return None
        found = next((check for check in self.checks if check.name == needed), None)
        if found is None:
            raise pytest.UsageError(f"{item.name} depends on {needed}, which is not an earlier check")
        if found.verdict is Verdict.PASS:
            return None
        return _skipped(outline, found, f"not judged, because “{found.title}” did not pass")

    def _try_loading(self, outline: Check) -> Check | None:
        student = Student(self.sandbox, self.submission)
        try:
            student.load()
        except Exception as e:
            self.finish(student)
            return _judgement(e, outline, self.submission.module)
        self.loaded = student
        return None

    def _judge(self, item: pytest.Item, outline: Check) -> Check:
        if isinstance(item, pytest.Function):
            item._initrequest()  # or it would keep the fixtures of the file judged before
        reports = [pytest.CallInfo.from_call(lambda: item.session._setupstate.setup(item), "setup")]
        if reports[0].excinfo is None:
            reports.append(pytest.CallInfo.from_call(item.runtest, "call"))
        reports.append(pytest.CallInfo.from_call(lambda: item.session._setupstate.teardown_exact(None), "teardown"))
        error = next((call.excinfo.value for call in reports if call.excinfo is not None), None)
        if error is None:
            note = " ".join(note for asked in _players(item) for note in asked.notes)
            return replace(outline, verdict=Verdict.PASS, points=outline.max_points, message=note)
        return _judgement(error, outline, self.submission.module)


def _players(item: pytest.Item) -> list[Student]:
    """The student and the stub, as far as the check has asked for them."""
    return [value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Student)]


def _with_shown(check: Check, item: pytest.Item) -> Check:
    """The check with all that the suite has shown on the way to its verdict."""
    players = _players(item)
    kernels = [use for asked in players for use in asked.kernels]
    return replace(check, kernels=kernels, pictures=[picture for asked in players for picture in asked.pictures])


def _mark(item: pytest.Item) -> tuple[Kind, dict[str, Any]]:
    kinds = {str(kind) for kind in Kind}
    marks = [(Kind(mark.name), dict(mark.kwargs)) for mark in item.iter_markers() if mark.name in kinds]
    if len(marks) != 1 or "points" not in marks[0][1]:
        raise pytest.UsageError(f"{item.nodeid} needs exactly one of the marks {', '.join(Kind)}, with points=")
    return marks[0]


def _outline(item: pytest.Item, seed: int) -> Check:
    kind, about = _mark(item)
    doc = (getattr(item, "function", None).__doc__ or "").strip()
    title = doc.splitlines()[0].rstrip(".") if doc else item.name
    return Check(item.name, title, kind, Verdict.INFRA, 0.0, float(about["points"]), seed=seed)


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
    said = clean(f"{type(error).__name__}: {error}", 600)
    return replace(outline, verdict=Verdict.INFRA, message=f"The kit could not judge this check ({said}).")


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
