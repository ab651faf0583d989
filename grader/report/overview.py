"""What an instructor wants to know about a class: how scores spread, and which checks most students fail."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import fmean, median

from grader.results import Check, ClassResults, Diagnosis, ExerciseResult, Kind, Verdict

BINS = 10
_NOT_FAILED = {Verdict.PASS, Verdict.SKIPPED, Verdict.NOT_MEASURABLE, Verdict.INFRA}


@dataclass(frozen=True, slots=True)
class CheckOverview:
    """One check over all students who were judged by it."""

    exercise: str
    name: str
    title: str
    kind: Kind
    verdicts: Counter[Verdict] = field(default_factory=Counter)

    @property
    def passed(self) -> int:
        return self.verdicts[Verdict.PASS]

    @property
    def failures(self) -> list[tuple[Verdict, int]]:
        """The verdicts of those who failed, the most frequent first."""
        return [(v, n) for v, n in self.verdicts.most_common() if v not in _NOT_FAILED]

    @property
    def failed(self) -> int:
        return sum(n for _, n in self.failures)

    @property
    def judged(self) -> int:
        return self.passed + self.failed

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class ExerciseOverview:
    """One exercise over all students who have a result in it; `mean` is a share of the points from 0 to 1."""

    exercise: str
    title: str
    results: int
    passed: int
    mean: float | None
    checks: list[CheckOverview]


@dataclass(frozen=True, slots=True)
class TroubleOverview:
    """One time that judging was in trouble, and the title of the check, empty if it was about the whole exercise."""

    student: str
    exercise: str
    title: str
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Overview:
    """A class: `shares` are the students' scores as shares of their maximum, from 0 to 1.

    `troubled` are results that hold trouble of ours; `troubles` each time there was any, whatever became of it.
    """

    exercises: list[ExerciseOverview]
    shares: list[float]
    troubled: list[tuple[str, str]]
    troubles: list[TroubleOverview]

    @property
    def mean(self) -> float | None:
        return fmean(self.shares) if self.shares else None

    @property
    def median(self) -> float | None:
        return median(self.shares) if self.shares else None

    @property
    def histogram(self) -> list[int]:
        """How many students are in each tenth of the points; full marks belong to the last one."""
        bins = Counter(min(BINS - 1, max(0, int(share * BINS))) for share in self.shares)
        return [bins[i] for i in range(BINS)]

    @property
    def hardest_checks(self) -> list[CheckOverview]:
        """The checks somebody failed, those with the most failures first."""
        checks = [c for e in self.exercises for c in e.checks if c.failed]
        return sorted(checks, key=lambda c: (-c.failed, c.passed))


def survey(results: ClassResults) -> Overview:
    """Count a class."""
    return Overview(
        exercises=[_exercise(results, name) for name in exercise_names(results)],
        shares=[share for s in results.submissions if (share := _share(s.score, s.max_score)) is not None],
        troubled=[(s.student, e.exercise) for s in results.submissions for e in s.exercises if e.in_trouble],
        troubles=[trouble for s in results.submissions for e in s.exercises for trouble in _troubles(s.student, e)],
    )


def exercise_names(results: ClassResults) -> list[str]:
    """The exercises somebody has a result in, in teaching order, unknown ones last."""
    seen = {e.exercise: None for s in results.submissions for e in s.exercises}
    return [name for name in results.titles if name in seen] + [name for name in seen if name not in results.titles]


def _exercise(results: ClassResults, name: str) -> ExerciseOverview:
    graded = [e for s in results.submissions for e in s.exercises if e.exercise == name]
    shares = [share for e in graded if (share := _share(e.score, e.max_score)) is not None]
    return ExerciseOverview(
        exercise=name,
        title=results.titles.get(name, ""),
        results=len(graded),
        passed=sum(e.verdict is Verdict.PASS for e in graded),
        mean=fmean(shares) if shares else None,
        checks=_checks(name, (check for e in graded for check in e.checks)),
    )


def _checks(exercise: str, checks: Iterable[Check]) -> list[CheckOverview]:
    found: dict[str, CheckOverview] = {}
    for check in checks:
        overview = found.setdefault(check.name, CheckOverview(exercise, check.name, check.title, check.kind))
        overview.verdicts[check.verdict] += 1
    return list(found.values())


def _share(score: float, max_score: float) -> float | None:
    return score / max_score if max_score > 0 else None


def _troubles(student: str, result: ExerciseResult) -> Iterator[TroubleOverview]:
    titles = {check.name: check.title for check in result.checks}
    for diagnosis in result.diagnoses:
        yield TroubleOverview(student, result.exercise, titles.get(diagnosis.check, diagnosis.check), diagnosis)
