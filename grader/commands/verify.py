"""`grader verify`: proof that the judge is right (see `grader.proving.proof`)."""

from __future__ import annotations

import argparse
import secrets
from functools import partial

from grader.catalogue import load_catalogue
from grader.engines.local import usable_cores
from grader.errors import InputError
from grader.proving import Effort, prove, read_cases
from grader.report.wording import count

from .options import add_judging_options, judging_settings, positive
from .progress import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("exercises", nargs="*", metavar="EX", help="an exercise, a topic or a glob (default: all)")
    parser.add_argument(
        "--repeat", type=positive, default=1, metavar="N", help="judge everything N times, each with other inputs"
    )
    parser.add_argument(
        "--under-load", action="store_true", help="with processes beside it that burn processor time, two for each core"
    )
    parser.add_argument(
        "--load", type=partial(positive, most=1000), metavar="N", help="as many as N of them (with --under-load)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="judge a flawed solution only by the check that it names as its catcher"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--right", action="store_true", help="judge only what must pass, in search of false alarms")
    which.add_argument(
        "--sample",
        action="store_true",
        help="of the flawed solutions judge one for each check only, chosen by the seed",
    )
    parser.add_argument(
        "--schedules",
        type=partial(positive, most=100_000),
        default=0,
        metavar="N",
        help="explore N schedules where a suite explores many",
    )
    parser.add_argument(
        "--forgeries",
        type=positive,
        default=1,
        metavar="N",
        help="at each check forge N answers of the reference, besides silence (not with --right)",
    )
    add_judging_options(parser)


def run(args: argparse.Namespace) -> int:
    if args.load and not args.under_load:
        raise InputError("--load says how many processes burn processor time --under-load: give both.")
    catalogue = load_catalogue(args.root)
    cases = read_cases(catalogue, catalogue.select(args.exercises))
    settings, _, rung = judging_settings(args)
    effort = _effort(args)
    proof = prove(cases, effort, settings, progress)
    for name, reason in proof.left_out.items():
        print(f"{name} is left out: {reason}")
    for trouble in proof.troubles:
        print(trouble)
    said = (
        f"{count(proof.solutions, 'solution')} of {count(proof.exercises, 'exercise')}, "
        f"{count(effort.repeat, 'time')} each, "
        f"seed {effort.seed}, rung {rung.name}"
    )
    print(
        f"{count(len(proof.troubles), 'trouble')} in {said}." if proof.troubles else f"All is as it should be: {said}."
    )
    return 1 if proof.troubles else 0


def _effort(args: argparse.Namespace) -> Effort:
    return Effort(
        seed=secrets.randbelow(1 << 31) if args.seed is None else args.seed,
        workers=args.jobs,
        repeat=args.repeat,
        burners=(args.load or 2 * usable_cores()) if args.under_load else 0,
        quick=args.quick,
        right=args.right,
        sample=args.sample,
        schedules=args.schedules,
        forgeries=args.forgeries,
    )
