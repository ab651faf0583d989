"""A statement tells the points that there are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue
from grader.proving.points import differences
from tests.conftest import TINY


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return load_catalogue(Path(shutil.copytree(TINY, tmp_path / "kit"))).exercises[0]


@pytest.mark.parametrize("exercise", load_catalogue().exercises, ids=lambda exercise: exercise.name)
def test_every_statement_has_the_points_of_its_exercise_toml(exercise: Exercise) -> None:
    assert not list(differences(exercise))


def test_a_kind_that_only_the_statement_knows_is_a_difference(exercise: Exercise) -> None:
    statement = exercise.folder / "README.md"
    statement.write_text(f"{statement.read_text()}| speedup | 0.5 | nothing |\n")
    [said] = differences(exercise)
    assert said == f"{statement} has 0.5 points for speedup, exercise.toml 0 points"
