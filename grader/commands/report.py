"""`grader report DIR`: the HTML pages again, from the results of a finished or interrupted grading."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.grading.collecting import publish_report, report_of
from grader.grading.files import load_results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", type=Path, metavar="DIR", help="what `grader grade --out` was given")


def run(args: argparse.Namespace) -> int:
    publish_report(load_results(args.dir), args.dir.resolve())
    print(f"The report is at {report_of(args.dir)}.")
    return 0
