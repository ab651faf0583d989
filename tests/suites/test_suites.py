"""What all hidden suites keep to."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue
from tests.conftest import CHECKOUT

EACH = pytest.mark.parametrize("exercise", load_catalogue().exercises, ids=lambda exercise: exercise.name)


def imported(file: Path) -> set[str]:
    """The kit's modules that it imports, wherever it does."""
    tree = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    modules = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in tree if isinstance(node, ast.ImportFrom)}
    return {module for module in modules if module.split(".")[0] == "grader"}


@EACH
def test_what_judges_needs_nothing_of_the_kit_but_evidence(exercise: Exercise) -> None:
    parts = ("adversaries", "drawn", "kernels", "pictures")
    assert imported(exercise.hidden_tests) <= {"grader.evidence", *(f"grader.evidence.{part}" for part in parts)}


@EACH
def test_what_goes_inside_needs_nothing_that_stays_outside(exercise: Exercise) -> None:
    allowed = ("grader.player", "grader.cuda.watching")
    assert all(name.startswith(allowed) for name in imported(exercise.suite / "scenarios.py"))


def test_mypy_checks_the_suites_of_every_topic() -> None:
    """Where a topic is not named, its suites' modules have names that clash, or none."""
    options = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["mypy"]
    topics = {exercise.topic for exercise in load_catalogue().exercises}
    assert {f"$MYPY_CONFIG_FILE_DIR/grader/suites/{topic}" for topic in topics} <= set(options["mypy_path"])
