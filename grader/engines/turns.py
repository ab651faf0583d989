"""Whole jobs whose judge dies or hangs: that is our trouble only if it befalls the reference in the same place, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grader.catalogue import Exercise
from grader.judging.turns import UNPROVEN, at_fault, told_of
from grader.results import Diagnosis, ExerciseResult, Verdict

from .jobs import Job, unjudged

Judge = Callable[[Job], ExerciseResult]


class JobFailedError(Exception):
    """Who judged the job has died, hangs, or does not speak as it should; the text says which.

    `used_s`: what the file had used of its own time by then, in all its turns, as far as that is known.
    """

    def __init__(self, text: str, used_s: float = 0.0) -> None:
        super().__init__(text)
        self.used_s = used_s


def in_turns(job: Job, exercise: Exercise, judge: Judge, failed: str = "") -> ExerciseResult:
    """What comes of a job, or of the turns of the reference and of the file once more where its judge fails.

    `judge` raises JobFailedError; `failed` says how it did before, if it did.
    """
    seen = failed
    if not seen:
        try:
            return judge(job)
        except JobFailedError as e:
            seen, job = f"{e}.", _after(job, e)
    reference, passes = _control(job, exercise, judge)
    try:
        result = judge(job)
    except JobFailedError as e:
        job = _after(job, e)
        result = _at_fault(job, exercise, f"{e}.") if passes else unjudged(job, f"{e}.")
    diagnosis = Diagnosis("", seen, reference, result.verdict)
    return replace(result, diagnoses=[diagnosis, *result.diagnoses])


def _after(job: Job, failed: JobFailedError) -> Job:
    """What the file has used counts in its next turn."""
    return replace(job, used_s=max(job.used_s, failed.used_s))


def _control(job: Job, exercise: Exercise, judge: Judge) -> tuple[str, bool]:
    """What the reference came to, and whether that was full marks."""
    if exercise.reference is None:
        return UNPROVEN, False
    try:
        result = judge(replace(job, source=exercise.reference.read_bytes(), judged=[], used_s=0.0))
    except JobFailedError as e:
        return f"{e}", False
    return told_of(result.verdict, result.message), result.verdict is Verdict.PASS


def _at_fault(job: Job, exercise: Exercise, seen: str) -> ExerciseResult:
    message = at_fault(seen)
    return ExerciseResult(
        job.exercise, Verdict.ERROR, 0, exercise.max_score, message=message, seed=job.seed, own_s=job.used_s
    )
