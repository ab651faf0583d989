"""`grader report DIR`: the HTML pages again, from the results of a finished or interrupted grading."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.gradebook.files import load_results
from grader.intake.names import result_folder
from grader.report import write_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", type=Path, metavar="DIR", help="what `grader grade --out` was given")


def run(args: argparse.Namespace) -> int:
    results = load_results(args.dir)
    folders = {submission.student: result_folder(submission.student) for submission in results.submissions}
    print(f"The report is at {write_report(results, args.dir / 'report', folders)}.")
    return 0
