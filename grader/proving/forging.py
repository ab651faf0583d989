"""Forged answers at every check of an exercise, silence first.

No check may become trouble of ours by that, which would cost nobody points; and where nothing is told, none may pass.
What is forged is always the same.
"""

from __future__ import annotations

import atexit
import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from grader.catalogue import load_catalogue
from grader.engines.worker import Settings
from grader.evidence import same
from grader.judging.judge import Suite
from grader.results import Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.rungs import Rung
from grader.sandbox.sandbox import Sandbox

from .forgery import draw
from .pool import pool

_SEED = 7


@dataclass(frozen=True, slots=True)
class ForgedCheck:
    """A check, a right solution whose answer to it is forged, and which forgery it is: number 0 is silence."""

    exercise: str
    check: str
    source: bytes
    number: int


def forge(targets: Sequence[ForgedCheck], workers: int, settings: Settings) -> Generator[str, None, None]:
    """For each target, in their order, what the forged answer has done and should not have; empty if nothing.

    In processes of their own, as many as `workers`. Raises InfrastructureError.
    """
    with pool(max(1, min(workers, len(targets)))) as processes:
        yield from processes.map(partial(_trouble, settings), targets)


@cache
def _sandbox(settings: Settings) -> Sandbox:
    sandbox = Sandbox(find_interpreter(settings.python), Rung(settings.rung))
    atexit.register(sandbox.close)
    return sandbox


@cache
def _suite(settings: Settings, name: str) -> Suite:
    [exercise] = load_catalogue(Path(settings.root) if settings.root else None).select([name])
    _sandbox(settings).prepare(exercise.packages)
    return Suite.collect(exercise)


def _trouble(settings: Settings, target: ForgedCheck) -> str:
    suite = _suite(settings, target.exercise)
    rng = random.Random(f"{target.exercise} {target.check} {target.number}")
    forgery = draw(target.check, target.number, rng)
    result = suite.judge(target.source, _sandbox(settings), _SEED, only=target.check, forger=forgery)
    found = next((check for check in result.checks if check.name == target.check), None)
    silent = target.number == 0 and forgery.done and not same(forgery.told, forgery.forged)
    if found is not None and found.verdict is not Verdict.INFRA and not (silent and found.verdict is Verdict.PASS):
        return ""
    if found is not None and found.verdict is Verdict.PASS:
        wrong = "passes although nothing is told: it must ask for what the scenario tells before it passes"
    else:
        wrong = f"takes for granted what is told: {found.message if found else result.message}"
    told, instead = (repr(each)[:300] for each in (forgery.told, forgery.forged))
    return f"{target.exercise}: forged answer: {target.check} {wrong}\n  told: {told}\n  forged: {instead}"
