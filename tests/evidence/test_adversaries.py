"""Strange objects: drawn as plain data, made in the player, known again by identity alone."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import find
from hypothesis import strategies as st

from grader.evidence import AtOnce
from grader.evidence.adversaries import each_error, each_value, errors, in_words, iterables, values
from grader.evidence.drawn import for_all
from grader.player.adversaries import ERRORS, ITERABLES, VALUES, Cast, iterable
from tests.conftest import StartPlayer
from tests.evidence.test_drawn import Nobody

SCENARIOS = """
from grader.player.adversaries import Cast, iterable

def passed_on(student, described):
    cast = Cast()
    return [cast.which(thing) for thing in student.passed_on([cast.value(one) for one in described])]

def raised(student, described):
    cast = Cast()
    def fail():
        raise cast.error(described)
    return cast.which(student.caught(fail))

def total(student, kind):
    return student.total(iterable(kind, [1, 2, 3]))
"""
RIGHT = """
def passed_on(things): return list(things)
def caught(function):
    try: function()
    except BaseException as e: return e
def total(numbers): return sum(numbers)
"""


def test_what_is_handed_on_is_known_again(start_player: StartPlayer) -> None:
    player = start_player(RIGHT, SCENARIOS)
    described = [(kind, number) for kind in VALUES for number in ((0,) if kind == "none" else (0, 1, 0))]
    assert player.run("passed_on", {"described": described}, AtOnce({})).value == described
    for kind in [*ERRORS, "StopIteration", "KeyboardInterrupt", "TimeoutError"]:
        assert player.run("raised", {"described": (kind, 1)}, AtOnce({})).value == (kind, 1)
    for kind in ("list", "tuple", "dict", "set", "iterator", "generator"):
        assert player.run("total", {"kind": kind}, AtOnce({})).value == 6


@pytest.mark.parametrize(
    "careless",
    [
        "[thing for thing in things if thing]",
        "[thing for thing in things if thing is not None]",
        "[thing for thing in things if thing != 'end']",
        "list({thing: None for thing in things})",
        "[thing for thing in things if not isinstance(thing, Exception)]",
        "[thing if things.index(thing) == n else None for n, thing in enumerate(things)]",
        "[thing for part in things for thing in (part if isinstance(part, tuple) else [part])]",
        "sorted(things, key=id)",
        "[type(thing)() for thing in things]",
    ],
)
def test_careless_code_mistakes_one_of_them(careless: str, start_player: StartPlayer) -> None:
    source = RIGHT.replace("return list(things)", f"return {careless}")
    player = start_player(source, SCENARIOS)

    def holds(described: list[Any]) -> None:
        reply = player.run("passed_on", {"described": described}, AtOnce({}))
        assert reply.raised is None and reply.value == described

    with pytest.raises(AssertionError):
        for_all(Nobody(), random.Random(1), st.lists(values(), max_size=5), holds, 60)


def test_identity_alone_counts() -> None:
    cast = Cast()
    equal, unequal = cast.value(("equal", 0)), cast.value(("unequal", 0))
    assert cast.which(unequal) == ("unequal", 0) and cast.which(equal) == ("equal", 0)
    assert cast.which(None) is cast.which("else") is None
    assert cast.which(cast.value(("none", 0))) == ("none", 0)


def test_what_they_are() -> None:
    cast = Cast()
    make = {kind: cast.value((kind, 0)) for kind in VALUES}
    assert make["equal"] == 7 and make["unequal"] != make["unequal"]
    assert not make["falsy"] and not make["list"] and make["none"] is None
    for unusable in (lambda: bool(make["truthless"]), lambda: 7 in [make["truthless"]], lambda: {make["unhashable"]}):
        with pytest.raises(TypeError):
            unusable()
    assert isinstance(make["error"], Exception) and isinstance(make["stop"], StopIteration)
    assert not isinstance(cast.error(("outside", 0)), Exception) and not cast.error(("falsy", 0))
    assert cast.error(("equal", 0)) == cast.error(("plain", 0)) is not cast.error(("plain", 1))


def test_iterables_fail_at_once_or_midway() -> None:
    error = KeyError("broken")
    with pytest.raises(KeyError):
        iter(iterable("fails at once", [1], error))
    midway = iterable("fails behind", [1, 2], error)
    assert [next(midway), next(midway)] == [1, 2]
    with pytest.raises(KeyError) as raised:
        next(midway)
    assert raised.value is error
    once = iterable("iterator", [1, 2])
    assert (list(once), list(once)) == ([1, 2], [])


def test_plans_have_what_a_statement_admits_plain_first() -> None:
    assert find(values(), lambda _: True) == ("plain", 0)
    assert find(values(), lambda one: one[0] == "none") == ("none", 0)
    assert find(errors("TimeoutError"), lambda one: one[0] == "TimeoutError") == ("TimeoutError", 0)
    assert find(iterables("fails behind"), lambda kind: kind not in ("list", "tuple")) == "iterator"
    drawn: list[str] = []
    for_all(Nobody(), random.Random(1), values(but=["equal", "stop"]), lambda one: drawn.append(one[0]), 200)
    assert set(drawn) == set(VALUES) - {"equal", "stop"} == {kind for kind, _ in each_value(but=["equal", "stop"])}
    assert each_error("TimeoutError", but=["outside"])[-1] == ("TimeoutError", 0)


def test_each_can_be_told_in_words() -> None:
    for what, kinds in (("value", VALUES), ("error", ERRORS), ("iterable", ITERABLES)):
        told = [in_words(what, kind) for kind in kinds]
        assert len(set(told)) == len(told)
    assert in_words("error", "TimeoutError") == "a TimeoutError"
