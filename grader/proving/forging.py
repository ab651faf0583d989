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
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from grader.catalogue import load_catalogue
from grader.engines.worker import Settings
from grader.errors import InfrastructureError
from grader.evidence import Observation, same
from grader.evidence.told import Outcome
from grader.judging.judge import Suite
from grader.judging.recorder import Recorder
from grader.judging.student import Student, Subject
from grader.player import limits
from grader.results import Check, Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.rungs import Rung
from grader.sandbox.sandbox import Sandbox

from .forgery import Forgery, draw

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

    In processes of their own: the classes that answers go through are changed there. Raises InfrastructureError.
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
    with _forging(forgery):
        result = suite.judge(target.source, _sandbox(settings), _SEED, only=target.check)
    found = next((check for check in result.checks if check.name == target.check), None)
    silent = target.number == 0 and forgery.done and not same(forgery.told, forgery.forged)
    if found is not None and found.verdict is not Verdict.INFRA and not (silent and found.verdict is Verdict.PASS):
        return ""
    said = f"{found.verdict}: {found.message}" if found else result.message
    told, instead = (repr(each)[:300] for each in (forgery.told, forgery.forged))
    return f"{target.exercise}: forged answers make of {target.check} {said}\n  told: {told}\n  forged: {instead}"


@contextmanager
def _forging(forgery: Forgery) -> Iterator[None]:
    """While the check is judged, what scenarios tell goes through the forger's hands."""
    under_way: Subject | None = None
    judge, run, outcome = Recorder._judge, Student.run, Outcome.__init__

    def judged(self: Recorder, item: pytest.Item, outline: Check) -> Check:
        nonlocal under_way
        under_way = self.submission if item.name == forgery.check else None
        return judge(self, item, outline)

    def ran(self: Student, *arguments: Any, **named: Any) -> Observation:
        seen = run(self, *arguments, **named)
        if under_way is self._submission:  # and not the stub, which has nobody's code
            seen._reply = forgery.of_reply(seen._reply)
        return seen

    def heard(self: Outcome, told: dict[str, Any]) -> None:
        outcome(self, told)
        if under_way and self.raised is None and not self.ended:
            self._value = forgery.of_value(self._value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recorder, "_judge", judged)
        patch.setattr(Student, "run", ran)
        patch.setattr(Outcome, "__init__", heard)
        yield
