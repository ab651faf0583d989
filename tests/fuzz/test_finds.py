"""What fuzzing has found, as plain examples."""

from __future__ import annotations

import contextlib
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from grader.catalogue import read_exercise
from grader.errors import InputError
from grader.evidence.compare import difference, same
from grader.intake import read_submissions
from grader.intake.search import MAX_SOURCE
from grader.player import wire

EXERCISE = 'title = "A"\nsummary = "B"\ninterface = ["c"]\npoints.correctness = {test_d = 1}\n'


class Unknown:
    """Of a type that cannot cross the wire."""


def nested(levels: int) -> Any:
    data: Any = 0
    for _ in range(levels):
        data = [data]
    return data


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({Unknown()}, id="a set of objects"),
        pytest.param({ValueError: 1}, id="a dictionary keyed by types"),
        pytest.param({(Unknown(), 1): 1}, id="a tuple with an object as key"),
        pytest.param({number: number for number in range(3000)}, id="3000 integers as keys"),
        pytest.param(set(range(3000)), id="a set of 3000 integers"),
    ],
)
def test_what_encode_accepts_decode_accepts(value: Any) -> None:
    try:
        data = wire.encode(value)
    except wire.TooBigError:
        return  # said in words to the student, which is as good
    wire.decode(data)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("1e999", id="infinity without its tag"),
        pytest.param("9" * 1000, id="an integer of 3,322 bits"),
        pytest.param(json.dumps("x" * (wire.MAX_TEXT + 1)), id="a long text"),
        pytest.param(json.dumps([0] * (wire.MAX_ITEMS + 1)), id="many items"),
        pytest.param(json.dumps(nested(wire.MAX_DEPTH + 1)), id="deep nesting"),
        pytest.param(json.dumps({"$": "opaque", "v": "x" * 81}), id="a long type name"),
    ],
)
def test_what_no_encoder_sends_is_refused(body: str) -> None:
    with pytest.raises(wire.ProtocolError):
        wire.decode(wire.loads(f'{{"value":{body}}}'.encode())["value"])


def test_keys_that_collide_are_cheap_to_compare() -> None:
    modulus = (1 << 61) - 1  # integers that differ by it have the same hash
    keys = [{"$": "tuple", "v": [300] * 10 + [5 + number * modulus]} for number in range(1000)]
    try:
        members = list(wire.decode({"$": "set", "v": keys}))
    except wire.ProtocolError:
        return
    colliding = sum(len(one) for one, other in combinations(members, 2) if hash(one) == hash(other))
    assert colliding <= wire.MAX_HASHED**2 / 2


@pytest.mark.parametrize(
    ("left", "right"),
    [({1}, {True}), ({1}, {1.0}), ({(0, 1): "x"}, {(False, 1): "x"}), ([frozenset({0})], [frozenset({0.0})])],
)
def test_types_are_told_apart_in_sets_and_keys(left: Any, right: Any) -> None:
    assert not same(left, right)


@pytest.mark.parametrize("make", [lambda: {float("nan")}, lambda: {float("nan"): 1}])
def test_nan_is_the_same_in_sets_and_keys(make: Any) -> None:
    assert same(make(), make())


def test_a_difference_in_the_type_of_a_key_is_told() -> None:
    assert difference({True: "x"}, {1: "x"})


@pytest.mark.parametrize("value", [type("", (Exception,), {})()])
def test_a_type_without_a_name_is_told(value: Any) -> None:
    assert difference(wire.decode(wire.encode(value)), 1)


class HostileName:
    def __str__(self) -> str:
        raise RuntimeError("was asked for its text")


@pytest.mark.parametrize(
    ("filename", "line"), [pytest.param(HostileName(), 1, id="filename"), pytest.param("a.py", "first", id="line")]
)
def test_a_syntax_error_with_odd_places_arrives(filename: Any, line: Any) -> None:
    error = SyntaxError("no")
    error.filename, error.lineno = filename, line
    assert wire.decode(wire.encode(error)).type_name == "SyntaxError"


@pytest.mark.parametrize("value", ["[" * 2000, "{a=" * 2000], ids=["arrays", "tables"])
def test_deep_toml_is_one_sentence(tmp_path: Path, value: str) -> None:
    (tmp_path / "exercise.toml").write_text(f"title = {value}")
    with pytest.raises(InputError):
        read_exercise(tmp_path / "exercise.toml", tmp_path)


def test_a_limit_cannot_become_zero(tmp_path: Path) -> None:
    (tmp_path / "exercise.toml").write_text(f"{EXERCISE}limits = {{memory_mb = 0.5}}\n")
    with contextlib.suppress(InputError):
        assert read_exercise(tmp_path / "exercise.toml", tmp_path).limits.memory_mb > 0


@pytest.mark.parametrize("line", ["points = 3", "limits = 3"])
def test_a_wrong_table_is_told_by_its_name(tmp_path: Path, line: str) -> None:
    rest = "".join(f"{kept}\n" for kept in EXERCISE.splitlines() if kept[:6] != line[:6])
    (tmp_path / "exercise.toml").write_text(f"{rest}{line}\n")
    with pytest.raises(InputError, match=line[:6]):
        read_exercise(tmp_path / "exercise.toml", tmp_path)


@pytest.mark.parametrize("line", ["#\U0001f600\n", "?a\n"], ids=["characters of four bytes", "lines for IPython"])
def test_a_notebook_gives_no_more_source_than_a_module(tmp_path: Path, line: str) -> None:
    cells = [{"cell_type": "code", "source": line * (MAX_SOURCE // len(line))}]
    (tmp_path / "bank.ipynb").write_text(json.dumps({"cells": cells}, ensure_ascii=False))
    (submission,) = read_submissions([tmp_path], ["bank"])
    assert len(submission.files["bank"].source) <= MAX_SOURCE
