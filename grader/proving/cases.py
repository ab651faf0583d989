"""The cases of an exercise: its solutions and its stub, each with what must come of it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.catalogue import Exercise
from grader.results import Verdict

from .flaws import REFERENCE
from .solutions import Solutions


@dataclass(frozen=True)
class Case:
    """One source with what must come of it. `caught_by` is set for flawed ones only."""

    exercise: Exercise
    role: str
    stem: str
    source: bytes
    caught_by: str = ""
    verdict: Verdict = Verdict.PASS

    @property
    def name(self) -> str:
        return f"{self.exercise.name}: {self.role} {self.stem}"

    @property
    def must_pass(self) -> bool:
        return self.role in ("reference", "alternative")


def cases_of(exercise: Exercise, solutions: Solutions) -> Iterator[Case]:
    """The reference first, then alternatives, the stub, and the flawed ones."""
    for name, source in solutions.right.items():
        if name == REFERENCE:
            yield Case(exercise, "reference", exercise.name, source)
        else:
            yield Case(exercise, "alternative", name.rpartition("/")[2], source)
    yield Case(exercise, "stub", exercise.name, exercise.stub.read_bytes())
    for flaw in solutions.flaws:
        yield Case(exercise, "flawed", flaw.name, solutions.flawed[flaw.name], flaw.check, flaw.verdict)


def choose(cases: Sequence[Case], seed: int, *, right: bool, sample: bool) -> list[int]:
    """The numbers of the cases to be judged: `right` those that must pass only, `sample` one flaw for each check."""
    by_catcher: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, case in enumerate(cases):
        by_catcher[case.exercise.name, case.caught_by].append(n)
    rng, wanted = random.Random(seed), list[int]()
    for (_, caught_by), numbers in by_catcher.items():
        chosen = [rng.choice(numbers)] if caught_by and sample else numbers
        wanted += [n for n in chosen if cases[n].must_pass or not right]
    return sorted(wanted)
