"""Any exercise.toml is an exercise, or one sentence for its author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.catalogue import load_catalogue, read_exercise
from grader.errors import InputError

from .effort import effort
from .mutations import mutated

pytestmark = pytest.mark.slow

VALID = [(exercise.folder / "exercise.toml").read_bytes() for exercise in load_catalogue().exercises]
KEYS = st.sampled_from(["title", "summary", "interface", "prerequisites", "points", "limits"])
POINTS = st.sampled_from(["correctness", "concurrency", "speedup"])
LIMITS = st.sampled_from(["cpu_s", "idle_s", "memory_mb", "processes", "output_mb", "disk_mb"])
CHECK_NAMES = st.sampled_from(["test_a", "test_b", "tes\u0301t_c", "check"])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=10)
NAMES = POINTS | LIMITS | KEYS | CHECK_NAMES | TEXTS
SCALARS = st.one_of(
    TEXTS,
    st.booleans(),
    st.floats(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.datetimes(),
    st.dates(),
    st.times(),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
CHECKS = st.dictionaries(CHECK_NAMES, st.integers(1, 9) | SCALARS, max_size=3)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS | VALUES,
        "summary": TEXTS | VALUES,
        "interface": st.lists(TEXTS, max_size=3) | VALUES,
        "prerequisites": st.lists(TEXTS, max_size=3) | VALUES,
        "points": st.dictionaries(POINTS, CHECKS | VALUES, max_size=3) | VALUES,
        "limits": st.dictionaries(LIMITS, st.integers(1, 9) | st.floats(1, 9) | SCALARS, max_size=3) | VALUES,
    },
) | st.dictionaries(NAMES, VALUES, max_size=4)


def rendered(value: Any) -> str:
    """The value in TOML, tables inline."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case date() | datetime() | time():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{rendered(key)} = {rendered(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(rendered, value)) + "]"
        case _:
            return str(value)


def document(data: dict[str, Any]) -> bytes:
    return "".join(f"{rendered(key)} = {rendered(value)}\n" for key, value in data.items()).encode()


@pytest.fixture(scope="module")
def toml() -> Iterator[Path]:
    with TemporaryDirectory() as root:
        file = Path(root, "topic", "name", "exercise.toml")
        file.parent.mkdir(parents=True)
        yield file


def check(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        exercise = read_exercise(file, file.parent)
    except InputError as error:
        is_one_sentence(str(error), file)
    else:
        assert exercise.title.strip()
        assert exercise.max_score == sum(exercise.points.values()) > 0
        assert exercise.limits.cpu_s > 0


def is_one_sentence(text: str, file: Path) -> None:
    assert text.startswith(f"{file} ")
    assert "\n" not in text
    assert text.endswith(".")
    assert not text.endswith("..")


@effort(300)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes(toml: Path, data: bytes) -> None:
    check(toml, data)


@effort(400)
@given(DOCUMENTS)
def test_any_data(toml: Path, data: dict[str, Any]) -> None:
    check(toml, document(data))


@effort(400)
@given(mutated(st.sampled_from(VALID) | DOCUMENTS.map(document)))
def test_damaged_files(toml: Path, data: bytes) -> None:
    check(toml, data)
