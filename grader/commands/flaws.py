"""`grader flaws`: the flawed solutions of exercises, listed by the check that catches them, or laid out as files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from grader.catalogue import load_catalogue
from grader.errors import InputError
from grader.proving.solutions import Solutions, read_solutions
from grader.report.wording import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("exercises", nargs="*", metavar="EX", help="an exercise, a topic or a glob (default: all)")
    parser.add_argument(
        "--write",
        type=Path,
        metavar="DIR",
        help="write each as DIR/<flaw>/<exercise>.py instead, as if students had handed them in",
    )
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)  # another catalogue than ours, for the kit's tests


def run(args: argparse.Namespace) -> int:
    catalogue = load_catalogue(args.root)
    exercises = [(exercise.name, read_solutions(catalogue, exercise)) for exercise in catalogue.select(args.exercises)]
    if args.write is None:
        for name, solutions in exercises:
            _list(name, solutions)
        return 0
    files = {
        args.write / flaw / f"{exercise}.py": source
        for exercise, solutions in exercises
        for flaw, source in solutions.flawed.items()
    }
    _write(files)
    what = f"{count(len(files), 'flawed solution')} of {count(len(exercises), 'exercise')}"
    print(f"{what} in {args.write}, as if students had handed them in: `grader grade {args.write}` judges them.")
    return 0


def _list(exercise: str, solutions: Solutions) -> None:
    print(f"{exercise}: {count(len(solutions.flaws), 'flaw')}")
    for check in dict.fromkeys(flaw.check for flaw in solutions.flaws):
        print(f"  {check}")
        for flaw in solutions.flaws:
            if flaw.check == check:
                print(f"    {flaw.name} ({flaw.verdict}): {' '.join(flaw.mistake.split())}")


def _write(files: Mapping[Path, bytes]) -> None:
    """All of them, or none where one would replace something else. Raises InputError."""
    try:
        for file, source in files.items():
            if file.exists() and not (file.is_file() and file.read_bytes() == source):
                raise InputError(f"{file} is there already, with something else in it; choose another folder.")
        for file, source in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source)
    except OSError as e:
        raise InputError(f"{e.filename or 'The folder'} cannot be written ({e.strerror}).") from e
