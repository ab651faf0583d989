"""`grader list`: the exercises in teaching order."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from grader.catalogue import load_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("exercises", nargs="*", metavar="EX", help="an exercise, a topic or a glob (default: all)")


def run(args: argparse.Namespace) -> int:
    table = Table(box=None, pad_edge=False)
    for column in ("exercise", "topic", "points", "about"):
        table.add_column(column, justify="right" if column == "points" else "left")
    for exercise in load_catalogue().select(args.exercises):
        table.add_row(exercise.name, exercise.topic, f"{exercise.max_score:g}", exercise.summary)
    Console().print(table)
    return 0
