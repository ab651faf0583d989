"""Points are the same wherever they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue
from grader.proving.points import differences
from grader.results import Check, Kind, Verdict
from tests.conftest import TINY

EXERCISES = load_catalogue().exercises
CHECKS = [
    Check("test_values", "", Kind.CORRECTNESS, Verdict.PASS, 2.0, 2.0),
    Check("test_two_at_once", "", Kind.CONCURRENCY, Verdict.PASS, 1.0, 1.0),
]


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return load_catalogue(Path(shutil.copytree(TINY, tmp_path / "kit"))).exercises[0]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_statement_has_the_points_of_its_exercise_toml(exercise: Exercise) -> None:
    assert not [said for said in differences(exercise, []) if "README.md" in said]


def test_there_may_be_no_difference(exercise: Exercise) -> None:
    assert not list(differences(exercise, CHECKS))


def test_what_the_checks_say_is_held_against_it(exercise: Exercise) -> None:
    [said] = differences(exercise, CHECKS[:1])
    assert said == "double_all: test_double_all.py has 0 points for concurrency, exercise.toml 1"


def test_a_kind_that_only_the_statement_knows_is_a_difference(exercise: Exercise) -> None:
    statement = exercise.folder / "README.md"
    statement.write_text(f"{statement.read_text()}| speedup | 0.5 | nothing |\n")
    [said] = differences(exercise, CHECKS)
    assert said == "double_all: README.md has 0.5 points for speedup, exercise.toml 0"
