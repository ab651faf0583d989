"""Answers of scenarios forged on their way to a check: as if the student's code had replaced the scenario.

What the reference has told is taken, and one part of it changed: into something of another type, shorter, longer, gone.
No check may become trouble of ours by that, which would cost nobody points; and where nothing is told, none may pass.

`python -m tests.attacks.forging N EXERCISE…` makes one answer of each check silence, and forges N, always the same.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from grader.catalogue import Catalogue, Exercise, load_catalogue
from grader.evidence import same
from grader.evidence.schedules import Outcome
from grader.judging.judge import Suite
from grader.judging.recorder import Recorder
from grader.player import wire
from grader.results import Check, Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.ladder import choose_rung
from grader.sandbox.player import Player, Reply
from grader.sandbox.sandbox import Sandbox

_SCALARS = (None, 0, -1, True, 1.5, float("nan"), float("inf"), "", "x", b"", 10**300, wire.Opaque("thing"))
_CONTAINERS: tuple[Any, ...] = ([], [None], [[]], {}, {"x": 1}, (), set(), [0] * 50)
SILENCE: tuple[Any, ...] = (None, [], {}, 0, "")


@dataclass
class Forgery:
    """Changes the answer number `place` of one check; `told` and `forged` are there once it has."""

    check: str
    place: int
    change: Callable[[Any], Any]
    told: Any = None
    forged: Any = None
    done: bool = False
    _seen: int = -1

    def __call__(self, told: Any) -> Any:
        self._seen += 1
        if self._seen != self.place:
            return told
        self.told, self.forged, self.done = told, self.change(told), True
        return self.forged


@contextmanager
def forging(forgery: Forgery) -> Iterator[None]:
    """While the check is judged, what scenarios tell goes through the forger's hands."""
    under_way = False
    judge, run, outcome = Recorder._judge, Player.run, Outcome.__init__

    def judged(self: Recorder, item: pytest.Item, outline: Check) -> Check:
        nonlocal under_way
        under_way = item.name == forgery.check
        return judge(self, item, outline)

    def ran(self: Player, *arguments: Any, **named: Any) -> Reply:
        reply = run(self, *arguments, **named)
        return replace(reply, value=forgery(reply.value)) if under_way and reply.raised is None else reply

    def heard(self: Outcome, told: dict[str, Any]) -> None:
        outcome(self, told)
        if under_way and self.raised is None and not self.ended:
            self._value = forgery(self._value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recorder, "_judge", judged)
        patch.setattr(Player, "run", ran)
        patch.setattr(Outcome, "__init__", heard)
        yield


def forgery(check: str, rng: random.Random, *, silent: bool) -> Forgery:
    """A random one: of the first answers most often, as there may be no more."""
    if silent:
        return Forgery(check, 0, lambda told: rng.choice(SILENCE))
    return Forgery(check, rng.choice((0, 0, 0, 1, 1, 2, 3, 5)), lambda told: _changed(told, rng))


def _changed(value: Any, rng: random.Random) -> Any:
    """One random part of it is another."""
    return _replaced(value, rng.choice(list(_parts(value))), lambda part: _other(part, rng))


def _parts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways that lead to the value's parts, itself included."""
    yield path
    if isinstance(value, list | tuple):
        for place, part in enumerate(value[:8]):
            yield from _parts(part, (*path, place))
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _parts(part, (*path, name))


def _replaced(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    first, *rest = path
    if isinstance(value, dict):
        return {**value, first: _replaced(value[first], tuple(rest), change)}
    parts = list(value)
    parts[first] = _replaced(parts[first], tuple(rest), change)
    return type(value)(parts)


def _other(part: Any, rng: random.Random) -> Any:
    others = [rng.choice(_SCALARS), rng.choice(_CONTAINERS)]
    if isinstance(part, list | tuple) and part:
        others += [part[:-1], part + part, part[::-1], tuple(part) if isinstance(part, list) else list(part)]
    if isinstance(part, dict) and part:
        gone = rng.choice(list(part))
        others += [{name: value for name, value in part.items() if name != gone}, list(part), {**part, "more": 1}]
    return rng.choice(others)


def troubles(catalogue: Catalogue, exercise: Exercise, box: Sandbox, number: int) -> Iterator[str]:
    """What forged answers have done to the exercise's checks and should not have."""
    suite = Suite.collect(exercise)
    box.prepare(exercise.packages)
    assert catalogue.solutions is not None
    reference = (catalogue.solutions / exercise.topic / exercise.name / f"{exercise.name}.py").read_bytes()
    for check in [item.name for item in suite.plugin.items]:
        for n in range(number + 1):
            forged = forgery(check, random.Random(f"{exercise.name} {check} {n}"), silent=n == 0)
            with forging(forged):
                result = suite.judge(reference, box, seed=7, only=check)
            [judged] = [each for each in result.checks if each.name == check]
            missed = n == 0 and forged.done and not same(forged.told, forged.forged) and judged.verdict is Verdict.PASS
            if judged.verdict is Verdict.INFRA or missed:
                told, instead = (repr(each)[:300] for each in (forged.told, forged.forged))
                yield f"{exercise.name}, {check}: {judged.verdict}: {judged.message}\n  {told}\n  {instead}"


def main(number: int, names: list[str]) -> int:
    interpreter = find_interpreter()
    catalogue, found = load_catalogue(None), 0
    with Sandbox(interpreter, choose_rung(interpreter, accept_reduced=False)) as box:
        for exercise in catalogue.select(names):
            for trouble in troubles(catalogue, exercise, box, number):
                print(trouble, flush=True)
                found += 1
    print(f"{found} troubles.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
