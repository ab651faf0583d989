"""Forged answers at every check of an exercise, silence first.

No check may become trouble of ours by that, which would cost nobody points; and where nothing is told, none may pass.
What is forged is always the same.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import random
import signal
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from grader.catalogue import load_catalogue
from grader.engines.worker import Settings
from grader.errors import InfrastructureError
from grader.evidence import same
from grader.judging.judge import Suite
from grader.player import limits
from grader.results import Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.rungs import Rung
from grader.sandbox.sandbox import Sandbox

from .forgery import draw

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
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max(1, min(workers, len(targets))), context, _prepare_process) as pool:
        try:
            yield from pool.map(partial(_trouble, settings), targets)
        except BrokenProcessPool as e:
            raise InfrastructureError("A process in which answers were forged has died.") from e
        finally:
            pool.shutdown(cancel_futures=True)


def _prepare_process() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    limits.die_with_parent()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"


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
    said = f"{found.verdict}: {found.message}" if found else result.message
    told, instead = (repr(each)[:300] for each in (forgery.told, forgery.forged))
    return f"{target.exercise}: forged answers make of {target.check} {said}\n  told: {told}\n  forged: {instead}"
