"""`grader grade`: a class of submissions in; scores, reports and a gradebook out."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from rich.console import Console

from grader import __version__
from grader.catalogue import Exercise, load_catalogue
from grader.engines.jobs import Job, digest
from grader.engines.local import run_jobs
from grader.errors import InfrastructureError, InputError
from grader.gradebook.files import load_exercise, save_exercise, save_results
from grader.gradebook.store import Gradebook
from grader.intake import Submission, read_submissions
from grader.report import render_plain, render_summary, write_report
from grader.results import ClassResults, ExerciseResult, SubmissionResult, Verdict
from grader.serialization import to_json

from .options import add_judging_options, judging_settings
from .progress import progress

_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="folders, zips, notebooks or files of submissions"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("grades"), metavar="DIR", help="where results go (default: grades)"
    )
    parser.add_argument(
        "--exercise", nargs="+", default=[], metavar="EX", help="only these (an exercise, a topic or a glob)"
    )
    parser.add_argument("--gradebook", metavar="URL", help="database to record grades in (default: SQLite below DIR)")
    parser.add_argument("--format", choices=("rich", "plain", "json"), default="rich", help="how to print the summary")
    again = parser.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="keep results in DIR whose file and checks have not changed"
    )
    again.add_argument("--force", action="store_true", help="judge everything again, though DIR holds results")
    add_judging_options(parser)


@dataclass
class _Run:
    """A grading under way: what is to be judged, and what has a result so far, by job key."""

    exercises: list[Exercise]
    submissions: list[Submission]
    seed: int
    out: Path
    gradebook: Gradebook
    digests: dict[str, str] = field(default_factory=dict)
    done: dict[str, ExerciseResult] = field(default_factory=dict)

    @cached_property
    def by_folder(self) -> dict[str, Submission]:
        return {submission.folder: submission for submission in self.submissions}


def run(args: argparse.Namespace) -> int:
    started = _now()
    catalogue = load_catalogue(args.root)
    selected = catalogue.select(args.exercise)
    submissions = read_submissions(args.paths, [exercise.name for exercise in selected])
    exercises = _owed(selected, submissions, bool(args.exercise))
    _check_out(args)
    settings, interpreter, rung = judging_settings(args)
    with closing(Gradebook(args.gradebook or _sqlite_url(args.out))) as gradebook:
        grading = _Run(exercises, submissions, _seed(args, submissions), args.out, gradebook)
        jobs = list(_plan(grading, args, interpreter.version, rung.name))
        complete = True
        try:
            with (
                progress(len(jobs), args.format == "rich") as advance,
                closing(run_jobs(jobs, args.jobs, settings)) as judged,
            ):
                for job, result in judged:
                    _keep(grading, job.key, result)
                    advance()
        except KeyboardInterrupt:
            complete = False
        results = _collect(
            grading,
            ClassResults(__version__, started, _now(), rung.name, interpreter.version, grading.seed, complete),
        )
    save_results(args.out, results)
    report = write_report(results, args.out / "report", {s.student: s.folder for s in submissions})
    _print_summary(results, args, report)
    return 0 if complete else _INTERRUPTED


# ------------------------------------------------------------------ before


def _owed(selected: list[Exercise], submissions: list[Submission], asked: bool) -> list[Exercise]:
    """What every student should have handed in: what was asked for, else whatever anybody in the class handed in."""
    handed_in = {name for submission in submissions for name in submission.files}
    owed = selected if asked else [exercise for exercise in selected if exercise.name in handed_in]
    if not owed:
        names = ", ".join(f"{exercise.name}.py" for exercise in selected[:5])
        raise InputError(f"No submission holds a file named after an exercise ({names}, …).")
    return owed


def _check_out(args: argparse.Namespace) -> None:
    """Results are never overwritten by accident."""
    out: Path = args.out
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; --out needs a folder.")
    if not (args.resume or args.force) and next(out.glob("*/*.json"), None) is not None:
        raise InputError(f"{out} holds results already: --resume keeps what is still right, --force starts over.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InfrastructureError(f"{out} cannot be created ({e.strerror}); choose another --out.") from e


def _sqlite_url(out: Path) -> str:
    return f"sqlite:///{(out / 'gradebook.sqlite').resolve()}"


def _seed(args: argparse.Namespace, submissions: list[Submission]) -> int:
    """Everybody gets the same inputs. A resumed run goes on with the seed it began with."""
    if args.seed is not None:
        return int(args.seed)
    if args.resume:
        for submission in submissions:
            for name in submission.files:
                earlier = load_exercise(args.out, submission.folder, name)
                if earlier is not None and earlier.digest:
                    return earlier.seed
    return secrets.randbelow(1 << 31)


# ------------------------------------------------------------------ during


def _plan(grading: _Run, args: argparse.Namespace, python: str, rung: str) -> Iterator[Job]:
    """The jobs to run; what needs none (not handed in, refused, still right from before) is done on the way."""
    for submission in grading.submissions:
        for exercise in grading.exercises:
            key = _key(submission, exercise)
            file = submission.files.get(exercise.name)
            if file is None or file.refused:
                _keep(grading, key, _without_judging(exercise, file.refused if file else ""))
                continue
            grading.digests[key] = digest(exercise, file.source, python, rung)
            earlier = load_exercise(args.out, submission.folder, exercise.name) if args.resume else None
            if earlier is not None and _still_right(earlier, grading.digests[key], args.seed):
                grading.done[key] = earlier
                grading.gradebook.record(submission.student, earlier)
                continue
            yield Job(key, exercise.name, file.source, grading.seed)


def _key(submission: Submission, exercise: Exercise) -> str:
    return f"{submission.folder}/{exercise.name}"


def _still_right(earlier: ExerciseResult, digest: str, seed: int | None) -> bool:
    return earlier.digest == digest and earlier.verdict is not Verdict.INFRA and seed in (None, earlier.seed)


def _without_judging(exercise: Exercise, refused: str) -> ExerciseResult:
    if refused:
        return ExerciseResult(exercise.name, Verdict.ERROR, 0, exercise.max_score, message=refused)
    message = f"No {exercise.name}.py was handed in."
    return ExerciseResult(exercise.name, Verdict.SKIPPED, 0, exercise.max_score, message=message)


def _keep(grading: _Run, key: str, result: ExerciseResult) -> None:
    """Saves one result for good: whatever happens to us later, it need not be judged again."""
    submission = grading.by_folder[key.partition("/")[0]]
    file = submission.files.get(result.exercise)
    if file is not None:
        notes = [*([file.note] if file.note else []), *result.notes]
        result = replace(result, digest=grading.digests.get(key, ""), file=file.origin, notes=notes)
    grading.done[key] = result
    save_exercise(grading.out, submission.folder, result)
    grading.gradebook.record(submission.student, result)


# ------------------------------------------------------------------ after


def _collect(grading: _Run, results: ClassResults) -> ClassResults:
    submissions = []
    for submission in grading.submissions:
        keys = [_key(submission, exercise) for exercise in grading.exercises]
        found = [grading.done[key] for key in keys if key in grading.done]
        submissions.append(SubmissionResult(submission.student, found, submission.notes))
    titles = {exercise.name: exercise.title for exercise in grading.exercises}
    return replace(results, titles=titles, submissions=submissions)


def _print_summary(results: ClassResults, args: argparse.Namespace, report: Path) -> None:
    if not results.complete:
        print("Interrupted: what was finished is kept, and --resume goes on from there.", file=sys.stderr)
    if args.format == "json":
        print(json.dumps(to_json(results), ensure_ascii=False, indent=2))
        return
    if args.format == "plain":
        print(render_plain(results))
    else:
        render_summary(results, Console())
    print(f"The report is at {report}, the results at {args.out / 'results.json'}.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
