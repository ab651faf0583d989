"""An answer of a scenario changed on its way to a check: as if the student's code had replaced the scenario.

What the reference has told is taken, and one part of it changed: into something of another type, shorter, longer, gone;
or of the callbacks that it called one is called otherwise, left open, or not called.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from grader.player import wire
from grader.sandbox.calls import Call
from grader.sandbox.player import Reply

_SCALARS = (None, 0, -1, True, 1.5, float("nan"), float("inf"), "", "x", b"", 10**300, wire.Opaque("thing"))
_CONTAINERS: tuple[Any, ...] = ([], [None], [[]], {}, {"x": 1}, (), set(), [0] * 50)
_SILENCE: tuple[Any, ...] = (None, [], {}, 0, "")


class ForgeryKind(Enum):
    SILENCE = "nothing is told"
    VALUE = "something else is told"
    CALLS = "callbacks are called otherwise"  # where there are none, something else is told


@dataclass
class Forgery:
    """Changes the answer number `place` of one check; `told` and `forged` are there once it has."""

    check: str
    kind: ForgeryKind
    place: int
    rng: random.Random
    told: Any = None
    forged: Any = None
    done: bool = False
    _seen: int = -1

    def of_reply(self, reply: Reply) -> Reply:
        if self.kind is not ForgeryKind.CALLS or not reply.calls:
            return replace(reply, value=self.of_value(reply.value)) if reply.raised is None else reply
        if self._is_next():
            self.told = [(call.name, call.args) for call in reply.calls]
            reply = replace(reply, calls=_other_calls(reply.calls, self.rng))
            self.forged = [(call.name, call.args, call.open) for call in reply.calls]
        return reply

    def of_value(self, told: Any) -> Any:
        if not self._is_next():
            return told
        silence = self.kind is ForgeryKind.SILENCE
        self.told, self.forged = told, self.rng.choice(_SILENCE) if silence else _changed(told, self.rng)
        return self.forged

    def _is_next(self) -> bool:
        self._seen += 1
        self.done = self.done or self._seen == self.place
        return self._seen == self.place


def draw(check: str, number: int, rng: random.Random) -> Forgery:
    """The first is silence, others are random: of the first answers most often, as there may be no more."""
    if number == 0:
        return Forgery(check, ForgeryKind.SILENCE, 0, rng)
    return Forgery(check, rng.choice((ForgeryKind.VALUE, ForgeryKind.CALLS)), rng.choice((0, 0, 0, 1, 1, 2, 3, 5)), rng)


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
        others += [part[:-1], part * 2, part[::-1], tuple(part) if isinstance(part, list) else list(part)]
    if isinstance(part, dict) and part:
        gone = rng.choice(list(part))
        others += [{name: value for name, value in part.items() if name != gone}, list(part), {**part, "more": 1}]
    return rng.choice(others)
