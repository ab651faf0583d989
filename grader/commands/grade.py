"""`grader grade`: a class of submissions in; scores and reports out."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from grader.errors import GradingInterruptedError
from grader.grading.collecting import report_of
from grader.grading.files import RESULTS_FILE
from grader.grading.grade import GradingWatcher, grade
from grader.report import render_plain, render_summary
from grader.results import ClassResults
from grader.sandbox.rungs import Rung
from grader.serialization import to_json

from .options import add_judging_options, warn_of_what_is_missing
from .progress import progress


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
    parser.add_argument("--format", choices=("rich", "plain", "json"), default="rich", help="how to print the summary")
    again = parser.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="keep results in DIR whose file and checks have not changed"
    )
    again.add_argument("--force", action="store_true", help="judge everything again, though DIR holds results")
    add_judging_options(parser)


class _Shown(GradingWatcher):
    """Shows how far it has come, until `shown` is closed."""

    def __init__(self, shown: ExitStack, with_bar: bool) -> None:
        self._shown, self._with_bar = shown, with_bar

    def on_rung(self, rung: Rung) -> None:
        warn_of_what_is_missing(rung)

    def on_plan(self, jobs: int) -> None:
        self._advance = self._shown.enter_context(progress(jobs, self._with_bar))

    def on_result(self) -> None:
        self._advance()


def run(args: argparse.Namespace) -> int:
    try:
        with ExitStack() as shown:
            results = grade(
                args.paths,
                out=args.out,
                exercises=args.exercise,
                jobs=args.jobs,
                python=args.python,
                seed=args.seed,
                resume=args.resume,
                force=args.force,
                accept_reduced_isolation=args.accept_reduced_isolation,
                root=args.root,
                watcher=_Shown(shown, args.format == "rich"),
            )
    except GradingInterruptedError as e:
        print("Interrupted: what was finished is kept, and --resume goes on from there.", file=sys.stderr)
        if any(submission.exercises for submission in e.results.submissions):
            _print_summary(e.results, args)
        return e.exit_code
    _print_summary(results, args)
    return 0


def _print_summary(results: ClassResults, args: argparse.Namespace) -> None:
    if args.format == "json":
        print(json.dumps(to_json(results), ensure_ascii=False, indent=2))
        return
    if args.format == "plain":
        print(render_plain(results))
    else:
        render_summary(results, Console())
    print(f"The report is at {report_of(args.out)}, the results at {args.out / RESULTS_FILE}.")
