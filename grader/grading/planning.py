"""Before anything is judged: what a class owes, which files are to be judged, which results are still right."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from grader.catalogue import Exercise, load_catalogue
from grader.engines.jobs import Job
from grader.errors import InputError
from grader.intake import Submission, read_submissions
from grader.results import ExerciseResult, Verdict

from .digest import Digests
from .files import load_exercise


@dataclass(frozen=True)
class Assignment:
    """What every student should have handed in, and what they did."""

    exercises: list[Exercise]
    submissions: list[Submission]

    @cached_property
    def by_folder(self) -> dict[str, Submission]:
        return {submission.folder: submission for submission in self.submissions}


@dataclass
class GradingPlan:
    """What is to be done with each file, by job key.

    `jobs` are to be judged, `settled` needs no judging, `still_right` are results from before. `digests` are those of
    the files that are judged, now or before.
    """

    seed: int
    jobs: list[Job] = field(default_factory=list)
    settled: dict[str, ExerciseResult] = field(default_factory=dict)
    still_right: dict[str, ExerciseResult] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


def read_assignment(paths: Iterable[Path], out: Path, patterns: Sequence[str], root: Path | None) -> Assignment:
    """Raises InputError where the paths, the patterns or the catalogue cannot be used."""
    selected = load_catalogue(root).select(list(patterns))
    submissions = read_submissions(paths, [exercise.name for exercise in selected], out)
    return Assignment(_owed(selected, submissions, bool(patterns)), submissions)


def _owed(selected: list[Exercise], submissions: list[Submission], asked: bool) -> list[Exercise]:
    """What was asked for, else whatever anybody in the class handed in."""
    handed_in = {name for submission in submissions for name in submission.files}
    owed = selected if asked else [exercise for exercise in selected if exercise.name in handed_in]
    if not owed:
        names = ", ".join(f"{exercise.name}.py" for exercise in selected[:5])
        raise InputError(f"No submission holds a file named after an exercise ({names}, …).")
    return owed


def make_plan(assignment: Assignment, out: Path, digests: Digests, seed: int | None, resume: bool) -> GradingPlan:
    """`resume`: what `out` holds and is still right is not judged again."""
    plan = GradingPlan(_seed(assignment, out, seed, resume))
    for submission in assignment.submissions:
        for exercise in assignment.exercises:
            key, file = job_key(submission, exercise), submission.files.get(exercise.name)
            if file is None or file.refused:
                plan.settled[key] = _without_judging(exercise, file.refused if file else "")
                continue
            plan.digests[key] = digests.of(exercise, file.source)
            earlier = load_exercise(out, submission.folder, exercise.name) if resume else None
            if earlier is not None and _is_still_right(earlier, plan.digests[key], seed):
                plan.still_right[key] = earlier
            else:
                plan.jobs.append(Job(key, exercise.name, file.source, plan.seed))
    return plan


def job_key(submission: Submission, exercise: Exercise) -> str:
    return f"{submission.folder}/{exercise.name}"


def _seed(assignment: Assignment, out: Path, wanted: int | None, resume: bool) -> int:
    """Everybody gets the same inputs. A resumed run goes on with the seed it began with."""
    if wanted is not None:
        return wanted
    for submission in assignment.submissions if resume else []:
        for name in submission.files:
            earlier = load_exercise(out, submission.folder, name)
            if earlier is not None and earlier.digest:
                return earlier.seed
    return secrets.randbelow(1 << 31)


def _is_still_right(earlier: ExerciseResult, digest: str, seed: int | None) -> bool:
    return earlier.digest == digest and not earlier.in_trouble and seed in (None, earlier.seed)


def _without_judging(exercise: Exercise, refused: str) -> ExerciseResult:
    if refused:
        return ExerciseResult(exercise.name, Verdict.ERROR, 0, exercise.max_score, message=refused)
    message = f"No {exercise.name}.py was handed in."
    return ExerciseResult(exercise.name, Verdict.SKIPPED, 0, exercise.max_score, message=message)
