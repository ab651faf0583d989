"""Comparison that no student object takes part in, and that stays cheap and short whatever it is given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from grader.player.wire import Opaque
from grader.text import clean

from .feedback import feedback

_SHOWN = 120


def same(left: Any, right: Any) -> bool:
    """Equal in value and in type, all the way down: True is not 1, 1 is not 1.0, a tuple is not a list.

    NaN is the same as NaN; the order of a dictionary's keys does not matter.
    """
    if type(left) is not type(right) or isinstance(left, Opaque):
        return False
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        mine, others = _by_form(left), _by_form(right)
        return mine.keys() == others.keys() and all(same(left[key], right[others[form]]) for form, key in mine.items())
    if isinstance(left, set | frozenset):
        return _by_form(left).keys() == _by_form(right).keys()
    return bool(_form(left) == _form(right))


def _by_form(keys: Iterable[Any]) -> dict[Any, Any]:
    return {_form(key): key for key in keys}


def _form(value: Any) -> Any:
    """Something to hash and compare in which types count and NaN equals itself. Keys hold no lists and no objects."""
    if isinstance(value, tuple):
        return tuple, tuple(map(_form, value))
    if isinstance(value, frozenset):
        return frozenset, frozenset(map(_form, value))
    return type(value), "nan" if isinstance(value, float) and math.isnan(value) else value


def expect(got: Any, wanted: Any, what: str, look_at: str = "") -> None:
    """Fails the check unless `got` is the `same` as `wanted`; `what` says in words what was expected."""
    if not same(got, wanted):
        raise AssertionError(feedback(what, difference(got, wanted), look_at))


def difference(got: Any, wanted: Any) -> str:
    """The first way in which `got` is not what was wanted, in one short sentence that does not give `wanted` away."""
    if type(got) is not type(wanted):
        return f"{_kind(got)}, not {_kind(wanted)}"
    if isinstance(got, list | tuple):
        return _sequence_difference(got, wanted)
    if isinstance(got, dict):
        return _dict_difference(got, wanted)
    return f"{shown(got)}"


def _sequence_difference(got: Any, wanted: Any) -> str:
    if len(got) != len(wanted):
        return f"{len(got)} elements where {len(wanted)} were expected"
    place = next(i for i, (a, b) in enumerate(zip(got, wanted, strict=True)) if not same(a, b))
    note = "; the same elements, in another order" if _same_elements(got, wanted) else ""
    return f"element {place} is {shown(got[place])}{note}"


def _same_elements(got: Any, wanted: Any) -> bool:
    rest = list(wanted)[:500]
    for item in list(got)[:500]:
        place = next((i for i, other in enumerate(rest) if same(item, other)), None)
        if place is None:
            return False
        del rest[place]
    return True


def _dict_difference(got: dict[Any, Any], wanted: dict[Any, Any]) -> str:
    found, needed = _by_form(got), _by_form(wanted)
    if missing := len(needed.keys() - found.keys()):
        return f"{missing} of {len(wanted)} keys are missing"
    if extra := len(found.keys() - needed.keys()):
        return f"{extra} keys too many"
    wrong = next(form for form, key in needed.items() if not same(got[found[form]], wanted[key]))
    return f"under one key there is {shown(got[found[wrong]])}"


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return f"an object of type {clean(value.type_name, 60)}"
    name = getattr(value, "type_name", type(value).__name__) or "nameless thing"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {clean(name, 60)}"


def shown(value: Any) -> str:
    """A short, printable form of a value from the student's side."""
    return clean(repr(value) if not isinstance(value, str) else repr(value[: 2 * _SHOWN]), _SHOWN)
