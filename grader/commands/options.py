"""Options that several commands share."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grader.engines.local import usual_workers
from grader.engines.settings import find_settings
from grader.engines.worker import Settings
from grader.sandbox import processes
from grader.sandbox.interpreter import Interpreter
from grader.sandbox.rungs import Rung

_NO_PROOF = (
    "so code that has stopped for good is ended here by a time limit, being quiet for a while is taken for waiting, "
    "and some checks are not measurable: give marks that count on Linux, on a processor that the kit knows."
)


def add_judging_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs",
        type=positive,
        default=usual_workers(),
        metavar="N",
        help="judge N at a time (default: one more than there are cores)",
    )
    parser.add_argument("--python", metavar="EXE", help="the Python that runs the submissions (default: this one)")
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)  # another catalogue than ours, for the kit's tests
    parser.add_argument("--seed", type=_seed, metavar="N", help="the seed of all random inputs, to repeat a run")
    parser.add_argument(
        "--accept-reduced-isolation",
        action="store_true",
        help="go on where student code cannot be isolated: only for submissions you trust",
    )


def judging_settings(args: argparse.Namespace) -> tuple[Settings, Interpreter, Rung]:
    """What workers are started with. Raises InputError, InfrastructureError."""
    settings, interpreter, rung = find_settings(args.python, args.accept_reduced_isolation, args.root)
    warn_of_what_is_missing(rung)
    return settings, interpreter, rung


def warn_of_what_is_missing(rung: Rung) -> None:
    if not rung.isolates:
        print("Warning: student code is not isolated on this machine: it runs with your rights.", file=sys.stderr)
    if not processes.PROVES_STOPS:
        print(f"Warning: {processes.NO_PROOF}, {_NO_PROOF}", file=sys.stderr)


def positive(text: str, most: int = 1000) -> int:
    if not text.isdecimal() or not 0 < int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {most}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 53:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to {(1 << 53) - 1}")
    return int(text)
