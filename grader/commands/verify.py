"""`grader verify`: proof that the judge is right.

The reference and the alternatives get full marks, the stub gets none, each flawed solution is caught by the check its
docstring names with the verdict it names, every hidden check is some flawed solution's catcher, and nothing differs
from one repetition to the next.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import random
import re
import secrets
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.catalogue import Catalogue, Exercise, load_catalogue
from grader.engines.jobs import Job
from grader.engines.local import run_jobs
from grader.engines.worker import Settings
from grader.errors import InputError
from grader.results import ExerciseResult, Verdict

from .options import add_judging_options, judging_settings, positive, usable_cores
from .progress import progress

_BURN = "while True: sum(range(10_000))"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("exercises", nargs="*", metavar="EX", help="an exercise, a topic or a glob (default: all)")
    parser.add_argument(
        "--repeat", type=positive, default=1, metavar="N", help="judge everything N times, each with other inputs"
    )
    parser.add_argument("--under-load", action="store_true", help="with CPU burners beside it, two for each core")
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
    add_judging_options(parser)


@dataclass(frozen=True)
class Case:
    """One solution with what must come of it. `caught_by` is set for flawed ones only."""

    exercise: Exercise
    role: str
    file: Path
    caught_by: str = ""
    verdict: Verdict = Verdict.PASS

    @property
    def name(self) -> str:
        return f"{self.exercise.name}: {self.role} {self.file.stem}"

    @property
    def must_pass(self) -> bool:
        return self.role in ("reference", "alternative")


def run(args: argparse.Namespace) -> int:
    catalogue = load_catalogue(args.root)
    exercises = catalogue.select(args.exercises)
    cases = [case for exercise in exercises for case in find_cases(catalogue, exercise)]
    seed = secrets.randbelow(1 << 31) if args.seed is None else args.seed
    settings, _, rung = judging_settings(args)
    wanted = choose(cases, seed, right=args.right, sample=args.sample)
    jobs = [
        Job(
            f"{n}:{repetition}",
            cases[n].exercise.name,
            cases[n].file.read_bytes(),
            seed + repetition,
            only=cases[n].caught_by if args.quick else "",
            schedules=args.schedules,
        )
        for repetition in range(args.repeat)
        for n in wanted
    ]
    results = _judge(jobs, args, settings)
    absent = {cases[n].exercise.name: reason for n in wanted if (reason := _not_measurable(cases[n], results[n]))}
    for name, reason in absent.items():
        print(f"{name} is left out: {reason}")
    kept = [n for n in wanted if cases[n].exercise.name not in absent]
    exercises = [exercise for exercise in exercises if exercise.name not in absent]
    troubles = [trouble for n in kept for trouble in judge_case(cases[n], results[n])]
    troubles += [trouble for exercise in exercises for trouble in judge_suite(exercise, cases, results)]
    for trouble in troubles:
        print(trouble)
    said = (
        f"{len(kept)} solutions of {len(exercises)} exercises, {args.repeat} times each, seed {seed}, rung {rung.name}"
    )
    print(f"{len(troubles)} troubles in {said}." if troubles else f"All is as it should be: {said}.")
    return 1 if troubles else 0


def choose(cases: Sequence[Case], seed: int, *, right: bool, sample: bool) -> list[int]:
    """The numbers of the cases to be judged."""
    by_catcher: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, case in enumerate(cases):
        by_catcher[case.exercise.name, case.caught_by].append(n)
    rng, wanted = random.Random(seed), list[int]()
    for (_, caught_by), numbers in by_catcher.items():
        chosen = [rng.choice(numbers)] if caught_by and sample else numbers
        wanted += [n for n in chosen if cases[n].must_pass or not right]
    return sorted(wanted)


def _judge(jobs: Sequence[Job], args: argparse.Namespace, settings: Settings) -> dict[int, list[ExerciseResult]]:
    """The results of each case, by its number."""
    results: dict[int, list[ExerciseResult]] = defaultdict(list)
    with (
        _burners(2 * usable_cores() if args.under_load else 0),
        progress(len(jobs)) as advance,
        closing(run_jobs(jobs, args.jobs, settings)) as judged,
    ):
        for job, result in judged:
            results[int(job.key.split(":")[0])].append(result)
            advance()
    return results


# ------------------------------------------------------------------ what there is


def find_cases(catalogue: Catalogue, exercise: Exercise) -> Iterator[Case]:
    """Reference, alternatives, stub and flawed solutions. Raises InputError where one is missing or says too little."""
    if catalogue.solutions is None:
        raise InputError("This installation holds no solutions; run verify from a checkout of the kit.")
    folder = catalogue.solutions / exercise.topic / exercise.name
    reference = folder / f"{exercise.name}.py"
    alternatives, flawed = sorted(folder.glob("alternatives/*.py")), sorted(folder.glob("flawed/*.py"))
    if not reference.is_file() or len(alternatives) < 2 or not flawed:
        raise InputError(
            f"{folder} needs {exercise.name}.py, at least two files in alternatives/, and some in flawed/."
        )
    yield Case(exercise, "reference", reference)
    yield from (Case(exercise, "alternative", file) for file in alternatives)
    yield Case(exercise, "stub", exercise.stub)
    for file in flawed:
        yield Case(exercise, "flawed", file, *_promise(file))


def _promise(file: Path) -> tuple[str, Verdict]:
    """What a flawed solution's docstring says will catch it."""
    doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    found = dict(re.findall(r"^(caught_by|verdict): *(\w+)$", doc, re.MULTILINE))
    try:
        return found["caught_by"], Verdict(found["verdict"])
    except (KeyError, ValueError) as e:
        raise InputError(
            f"The docstring of {file} needs the lines `caught_by: <check>` and `verdict: <verdict>`."
        ) from e


# ------------------------------------------------------------------ what came of it


def _not_measurable(case: Case, results: Sequence[ExerciseResult]) -> str:
    """Why nothing of this exercise can be judged on this machine, as its reference shows; empty if it can."""
    if case.role != "reference" or any(result.max_score for result in results):
        return ""
    found = [check.message for check in results[0].checks if check.verdict is Verdict.NOT_MEASURABLE]
    return (results[0].message or found[0]) if found else ""


def judge_case(case: Case, results: Sequence[ExerciseResult]) -> Iterator[str]:
    """What is wrong with one solution's results, a sentence each."""
    yield from (f"{case.name}: {note}" for result in results for note in result.notes)
    if len({_verdicts(result) for result in results}) > 1:
        yield f"{case.name}: {_differences(results)}"
    for result in results[:1]:
        if case.role == "flawed":
            yield from _judge_flawed(case, result)
        elif case.role == "stub":
            if result.score > 0:
                passed = ", ".join(check.name for check in result.checks if check.points)
                yield f"{case.name} passes {passed}"
        elif result.verdict is not Verdict.PASS or result.score != case.exercise.max_score:
            yield f"{case.name} must get full marks, and gets {_summary(result)}"


def _judge_flawed(case: Case, result: ExerciseResult) -> Iterator[str]:
    check = next((check for check in result.checks if check.name == case.caught_by), None)
    if check is None:
        yield f"{case.name} names the check {case.caught_by}, which does not exist"
    elif check.verdict is not case.verdict:
        yield f"{case.name} must get {case.verdict} from {case.caught_by}, and gets {check.verdict}: {check.message}"


def judge_suite(exercise: Exercise, cases: Sequence[Case], results: dict[int, list[ExerciseResult]]) -> Iterator[str]:
    """Whether the suite's points add up to exercise.toml's, and each of its checks has a flawed solution to catch."""
    own = [n for n, case in enumerate(cases) if case.exercise is exercise]
    checks = results[own[0]][0].checks
    for kind in {*exercise.points, *(check.kind for check in checks)}:
        total = sum(check.max_points for check in checks if check.kind is kind)
        if total != exercise.points.get(kind, 0):
            told = exercise.points.get(kind, 0)
            yield f"{exercise.name}: its {kind} checks are worth {total:g} points, exercise.toml says {told:g}"
    named = {cases[n].caught_by for n in own}
    for check in checks:
        if check.name not in named:
            yield f"{exercise.name}: no flawed solution names {check.name} as its catcher"


def _verdicts(result: ExerciseResult) -> tuple[str, ...]:
    return (result.verdict, *(f"{check.name}={check.verdict}" for check in result.checks))


def _differences(results: Sequence[ExerciseResult]) -> str:
    seen: dict[str, dict[str, ExerciseResult]] = defaultdict(dict)
    for result in results:
        for check in result.checks:
            seen[check.name].setdefault(check.verdict, result)
    parts = [
        f"{name} is " + " and ".join(_told(name, result) for result in found.values())
        for name, found in seen.items()
        if len(found) > 1
    ]
    return "the verdict differs between repetitions: " + ("; ".join(parts) or _summary(results[0]))


def _told(name: str, result: ExerciseResult) -> str:
    check = next(check for check in result.checks if check.name == name)
    why = f": {check.message}" if check.verdict is Verdict.INFRA else ""
    return f"{check.verdict} with seed {result.seed}{why}"


def _summary(result: ExerciseResult) -> str:
    failed = [
        f"{check.name} {check.verdict}: {check.message}" for check in result.checks if check.verdict is not Verdict.PASS
    ]
    return "; ".join(
        [f"{result.score:g} of {result.max_score:g} ({result.verdict}) {result.message}".strip(), *failed[:3]]
    )


@contextmanager
def _burners(count: int) -> Iterator[None]:
    """Processes that want a processor all the time."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            burner = subprocess.Popen([sys.executable, "-c", _BURN], start_new_session=True)
            stack.callback(burner.wait)
            stack.callback(burner.kill)
        yield
