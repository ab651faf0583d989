"""What the harness tells of schedules is understood; whatever differs from it in shape or size is not believed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.evidence.told import Outcome, Summary
from grader.player import wire
from grader.player.schedules.messages import MOST_ROWS, Plan
from tests.player.schedules.programs import CASES

Parsed = tuple[Callable[[Any], object], Any]  # by what, and the message

STRANGE: tuple[Any, ...] = (None, -7, 1.5, float("nan"), "?" * 1000, b"", [None] * 1000, {"x": 1}, (), wire.Opaque("x"))


def told() -> Iterator[Parsed]:
    """All that the programs of the corpus give to tell, as it arrives, with what parses it."""
    for case in CASES:
        found = case.explore(Plan(1, 30))
        yield Summary.parse, wire.decode(wire.encode(found.told))
        for outcome in found.outcomes:
            yield Outcome, wire.decode(wire.encode(outcome))


@pytest.fixture(scope="module")
def honest() -> list[Parsed]:
    return list(told())


def test_what_the_harness_tells_is_understood(honest: list[Parsed]) -> None:
    for parse, message in honest:
        parse(message)
    assert {type(parse(message)) for parse, message in honest} == {Summary, Outcome}
    stops = [message["stopped"] for parse, message in honest if message.get("stopped")]
    assert any(stop["interleaving"]["rows"] for stop in stops)
    assert any(stop["interleaving"]["waits"] for stop in stops)


def test_no_part_can_be_something_else(honest: list[Parsed]) -> None:
    believed = [
        (path, strange)
        for parse, message in honest
        for path in parts(message)
        for strange in STRANGE
        if not may_be(path, strange) and is_believed(parse, with_part(message, path, strange))
    ]
    assert believed == []


def parts(message: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to the message's parts, itself included, and of lists the first ones; not those of a value."""
    yield path
    if path[-1:] == ("value",):
        return
    entries = message.items() if type(message) is dict else enumerate(message[:3]) if type(message) is list else ()
    for name, part in entries:
        yield from parts(part, (*path, name))


def with_part(message: Any, path: tuple[Any, ...], part: Any) -> Any:
    if not path:
        return part
    changed = copy.deepcopy(message)
    inside = changed
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = part
    return changed


def may_be(path: tuple[Any, ...], strange: Any) -> bool:
    """What a part may honestly be: any value at all, a time that is no whole number, nothing that was stopped at."""
    anything = path[-1:] == ("value",) or "exception" in path or "died" in path  # the wire's own, tested with it
    no_stop = path == ("stopped",) and strange is None
    return anything or no_stop or (path == ("makespan",) and strange == 1.5)


def is_believed(parse: Callable[[Any], object], message: Any) -> bool:
    try:
        parse(message)
    except wire.ProtocolError:
        return False
    return True


def _stop(honest: list[Parsed]) -> Any:
    return next(copy.deepcopy(message) for _, message in honest if (message.get("stopped") or {}).get("token"))


CHANGES: dict[str, Callable[[Any], object]] = {
    "a key more": lambda told: told.update(more=1),
    "a key less": lambda told: told.pop("steps"),
    "more outcomes than schedules": lambda told: told.update(told=told["schedules"] + 2),
    "more covered than there is": lambda told: told.update(covered=3),
    "a token of another kind": lambda told: told["stopped"].update(token="0-1:2"),
    "an actor who is none": lambda told: told["stopped"]["interleaving"]["rows"][0].__setitem__(0, 99),
    "more rows than are kept": lambda told: told["stopped"]["interleaving"].update(
        rows=told["stopped"]["interleaving"]["rows"][:1] * (MOST_ROWS + 1)
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_summaries_are_held_to_their_bounds(honest: list[Parsed], change: Callable[[Any], object]) -> None:
    message = _stop(honest)
    assert is_believed(Summary.parse, message)
    change(message)
    assert not is_believed(Summary.parse, message)


@pytest.mark.parametrize(
    "told",
    [
        {"ended": "well", "what": ""},
        {"ended": "deadlock"},
        {"ended": "deadlock", "what": "", "value": 1},
        {"value": 1},
        {"value": 1, "too_big": "", **dict.fromkeys(("tasks", "never_awaited", "threads", "makespan"), 0)},
    ],
)
def test_outcomes_are_one_thing_or_the_other(told: dict[str, Any]) -> None:
    assert not is_believed(Outcome, told)
