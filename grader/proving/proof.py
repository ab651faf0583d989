"""All cases judged, and what is wrong with what came of them.

The reference and the alternatives get full marks, the stub gets none, each flawed solution is caught by the check that
it names with the verdict that it names, every hidden check is some flaw's catcher, nothing differs from one repetition
to the next, points are the same wherever they stand, forged answers fail a check or change nothing, and public tests
pass on what is right and fail on the stub.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from grader.catalogue import Catalogue, Exercise
from grader.engines.jobs import Job
from grader.engines.local import run_jobs
from grader.engines.worker import Settings
from grader.results import ExerciseResult

from . import troubles
from .cases import Case, cases_of, choose
from .forging import ForgedCheck, forge
from .load import burners
from .public import troubles as troubles_of_public_tests
from .solutions import read_solutions
from .suites import require_sound

Progress = Callable[[int], AbstractContextManager[Callable[[], None]]]
_Results = Mapping[int, Sequence[ExerciseResult]]  # of each case, by its number


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is judged.

    `workers` at a time, everything `repeat` times, each time with other inputs; beside as many `burners` of processor
    time. `quick`: a flawed solution only by the check that it names. `right`: only what must pass. `sample`: of the
    flaws one for each check. `schedules`: so many where a suite explores many, 0 for as many as it says. `forgeries`:
    so many forged answers at each check, and silence.
    """

    seed: int
    workers: int
    repeat: int = 1
    burners: int = 0
    quick: bool = False
    right: bool = False
    sample: bool = False
    schedules: int = 0
    forgeries: int = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """How many solutions and exercises it is about, and the troubles, a sentence each.

    `left_out`: why an exercise cannot be judged on this machine, by its name.
    """

    solutions: int
    exercises: int
    left_out: Mapping[str, str]
    troubles: Sequence[str]


def read_cases(catalogue: Catalogue, exercises: Iterable[Exercise]) -> list[Case]:
    """All cases of the exercises. Raises InputError where a solution is missing, or flaws cannot be used."""
    return [case for exercise in exercises for case in cases_of(exercise, read_solutions(catalogue, exercise))]


def prove(cases: Sequence[Case], effort: Effort, settings: Settings, progress: Progress) -> Proof:
    """Judges the cases. `progress(n)` is entered while n things are done, and what it gives is called for each.

    Raises InputError where a suite cannot judge anything.
    """
    require_sound(list({case.exercise.name: case.exercise for case in cases}.values()), effort.workers, settings.root)
    wanted = choose(cases, effort.seed, right=effort.right, sample=effort.sample)
    results = _judged(cases, wanted, effort, settings, progress)
    references = {cases[n].exercise.name: n for n in wanted if cases[n].role == "reference"}
    left_out = {name: why for name, n in references.items() if (why := troubles.not_measurable(results[n]))}
    kept = [n for n in wanted if cases[n].exercise.name not in left_out]
    references = {name: n for name, n in references.items() if name not in left_out}
    found = [trouble for n in kept for trouble in troubles.of_case(cases[n], results[n])]
    for n in references.values():
        found += troubles.of_suite(cases[n].exercise, results[n][0].checks, _catchers(cases, cases[n].exercise))
    if not effort.right:
        targets = [t for n in references.values() for t in _targets(cases[n], results[n][0], effort.forgeries)]
        found += _told(forge(targets, effort.workers, settings), len(targets), progress)
        public = [cases[n] for n in kept if cases[n].must_pass or cases[n].role == "stub"]
        found += _told(troubles_of_public_tests(public, effort.workers), len(public), progress)
    return Proof(len(kept), len(references), left_out, found)


def _judged(
    cases: Sequence[Case], wanted: Sequence[int], effort: Effort, settings: Settings, progress: Progress
) -> _Results:
    jobs = [
        Job(
            f"{n}:{repetition}",
            cases[n].exercise.name,
            cases[n].source,
            effort.seed + repetition,
            only=cases[n].caught_by if effort.quick else "",
            schedules=effort.schedules,
        )
        for repetition in range(effort.repeat)
        for n in wanted
    ]
    results: dict[int, list[ExerciseResult]] = defaultdict(list)
    with (
        burners(effort.burners),
        progress(len(jobs)) as advance,
        closing(run_jobs(jobs, effort.workers, settings)) as judged,
    ):
        for job, result in judged:
            results[int(job.key.split(":")[0])].append(result)
            advance()
    return results


def _catchers(cases: Sequence[Case], exercise: Exercise) -> set[str]:
    return {case.caught_by for case in cases if case.exercise is exercise}


def _targets(reference: Case, result: ExerciseResult, forgeries: int) -> Iterator[ForgedCheck]:
    for check in result.checks:
        for number in range(forgeries + 1):
            yield ForgedCheck(reference.exercise.name, check.name, reference.source, number)


def _told(troubles: Generator[str, None, None], number: int, progress: Progress) -> list[str]:
    """Those that are none left out."""
    found = list[str]()
    with progress(number) as advance, closing(troubles) as done:
        for trouble in done:
            found += [trouble] if trouble else []
            advance()
    return found
