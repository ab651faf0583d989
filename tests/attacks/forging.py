"""Answers of scenarios forged on their way to a check: as if the student's code had replaced the scenario.

What the reference has told is taken, and one part of it changed: into something of another type, shorter, longer, gone;
or of the callbacks that it called one is called otherwise, left open, or not called.
No check may become trouble of ours by that, which would cost nobody points; and where nothing is told, none may pass.

`python -m tests.attacks.forging N EXERCISE…` makes one answer of each check silence, and forges N, always the same.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import pytest

from grader.catalogue import Catalogue, Exercise, load_catalogue
from grader.evidence import Observation, same
from grader.evidence.told import Outcome
from grader.judging.judge import Suite
from grader.judging.recorder import Recorder
from grader.judging.student import Student, Submission
from grader.player import wire
from grader.results import Check, Verdict
from grader.sandbox.calls import Call
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.ladder import choose_rung
from grader.sandbox.player import Reply
from grader.sandbox.sandbox import Sandbox

_SCALARS = (None, 0, -1, True, 1.5, float("nan"), float("inf"), "", "x", b"", 10**300, wire.Opaque("thing"))
_CONTAINERS: tuple[Any, ...] = ([], [None], [[]], {}, {"x": 1}, (), set(), [0] * 50)
SILENCE: tuple[Any, ...] = (None, [], {}, 0, "")


class Kind(Enum):
    SILENCE = "nothing is told"
    VALUE = "something else is told"
    CALLS = "callbacks are called otherwise"  # where there are none, something else is told


@dataclass
class Forgery:
    """Changes the answer number `place` of one check; `told` and `forged` are there once it has."""

    check: str
    kind: Kind
    place: int
    rng: random.Random
    told: Any = None
    forged: Any = None
    done: bool = False
    _seen: int = -1

    def of_reply(self, reply: Reply) -> Reply:
        if self.kind is not Kind.CALLS or not reply.calls:
            return replace(reply, value=self.of_value(reply.value)) if reply.raised is None else reply
        if self._is_next():
            self.told = [(call.name, call.args) for call in reply.calls]
            reply = replace(reply, calls=_other_calls(reply.calls, self.rng))
            self.forged = [(call.name, call.args, call.open) for call in reply.calls]
        return reply

    def of_value(self, told: Any) -> Any:
        if not self._is_next():
            return told
        silence = self.kind is Kind.SILENCE
        self.told, self.forged = told, self.rng.choice(SILENCE) if silence else _changed(told, self.rng)
        return self.forged

    def _is_next(self) -> bool:
        self._seen += 1
        self.done = self.done or self._seen == self.place
        return self._seen == self.place


@contextmanager
def forging(forgery: Forgery) -> Iterator[None]:
    """While the check is judged, what scenarios tell goes through the forger's hands."""
    under_way: Submission | None = None
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


def forgery(check: str, number: int, rng: random.Random) -> Forgery:
    """The first is silence, others are random: of the first answers most often, as there may be no more."""
    if number == 0:
        return Forgery(check, Kind.SILENCE, 0, rng)
    return Forgery(check, rng.choice((Kind.VALUE, Kind.CALLS)), rng.choice((0, 0, 0, 1, 1, 2, 3, 5)), rng)


def _other_calls(calls: list[Call], rng: random.Random) -> list[Call]:
    """One was made otherwise, or never answered; or one, or all of that name, were not made."""
    call = rng.choice(calls)
    what = rng.choice(("otherwise", "open", "gone", "all gone"))
    if what == "otherwise":
        arguments = _changed(call.args, rng)
        call.args = arguments if type(arguments) is list else [arguments]
    elif what == "open":
        call.ended = call.closed = None
    gone = [other for other in calls if other is call or (what == "all gone" and other.name == call.name)]
    return [other for other in calls if "gone" not in what or other not in gone]


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
            forged = forgery(check, n, random.Random(f"{exercise.name} {check} {n}"))
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
