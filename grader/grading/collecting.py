"""After a class is judged, or when that was cut short: one result for all, `results.json`, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grader.intake.clashes import result_folders
from grader.report import write_report
from grader.results import ClassResults, ExerciseResult, SubmissionResult

from .files import save_results
from .planning import Assignment, job_key

_REPORT = "report"


def collect(assignment: Assignment, results: Mapping[str, ExerciseResult], about: ClassResults) -> ClassResults:
    """What there is by job key, in the order of the students and of the exercises. `about` says how it was judged."""
    titles = {exercise.name: exercise.title for exercise in assignment.exercises}
    keys = {s.student: [job_key(s, exercise) for exercise in assignment.exercises] for s in assignment.submissions}
    complete = all(key in results for of_one in keys.values() for key in of_one)
    submissions = [
        SubmissionResult(s.student, [results[key] for key in keys[s.student] if key in results], s.notes)
        for s in assignment.submissions
    ]
    return replace(about, complete=complete, titles=titles, submissions=submissions)


def publish(results: ClassResults, out: Path) -> None:
    """Raises InfrastructureError where it cannot be written."""
    save_results(out, results)
    publish_report(results, out)


def publish_report(results: ClassResults, out: Path) -> Path:
    """Returns the path of its first page. Raises InfrastructureError where it cannot be written."""
    folders = result_folders(submission.student for submission in results.submissions)
    return write_report(results, out / _REPORT, folders)


def report_of(out: Path) -> Path:
    """Its first page, once it is published."""
    return out / _REPORT / "index.html"
