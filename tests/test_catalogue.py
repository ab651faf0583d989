"""The exercises themselves: what students get works as promised, and the judge of each is proven right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue

from .conftest import RunGrader

CATALOGUE = load_catalogue()
EACH = pytest.mark.parametrize("exercise", CATALOGUE.exercises, ids=lambda exercise: exercise.name)


def reference(exercise: Exercise) -> Path:
    assert CATALOGUE.solutions is not None
    return CATALOGUE.solutions / exercise.topic / exercise.name / f"{exercise.name}.py"


@EACH
def test_students_get_all_they_need(exercise: Exercise) -> None:
    files = {file.name for file in exercise.folder.iterdir() if file.is_file()}
    own = {"README.md", "hints.md", "exercise.toml", exercise.stub.name, exercise.public_tests.name}
    assert files == own | set(exercise.given)


@EACH
def test_prerequisites_are_exercises_that_come_before(exercise: Exercise) -> None:
    names = [other.name for other in CATALOGUE.exercises]
    assert all(names.index(name) < names.index(exercise.name) for name in exercise.prerequisites)


@EACH
def test_public_tests_pass_on_the_reference_only(exercise: Exercise, tmp_path: Path, run_grader: RunGrader) -> None:
    shutil.copy(reference(exercise), tmp_path)
    right = run_grader("check", exercise.name)
    assert (right.returncode, "public tests passed" in right.stdout) == (0, True), right.stdout
    shutil.copy(exercise.stub, tmp_path)
    assert run_grader("check", exercise.name).returncode == 1


@pytest.mark.slow
@EACH
def test_plain_pytest_works_in_the_folder(exercise: Exercise) -> None:
    """It runs the tests, which fail on the stub, rather than failing to find the student's file."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=exercise.folder, capture_output=True, text=True)
    assert (done.returncode, "NotImplementedError" in done.stdout) == (1, True), done.stdout


def test_the_references_get_full_marks(tmp_path: Path, run_grader: RunGrader) -> None:
    for exercise in CATALOGUE.exercises:
        (tmp_path / "reference").mkdir(exist_ok=True)
        shutil.copy(reference(exercise), tmp_path / "reference")
    done = run_grader("grade", "reference", "--format", "plain")
    total = f"{sum(exercise.max_score for exercise in CATALOGUE.exercises):g}"
    assert f"{total}/{total}" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_verify_finds_no_trouble(run_grader: RunGrader) -> None:
    """Of the flawed solutions another one for each check each time, by that check; `verify` does all, outside CI."""
    done = run_grader("verify", "--quick", "--sample", timeout=2700)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_no_verdict_differs_under_load(run_grader: RunGrader) -> None:
    """One right and several wrong ways of each kind of evidence; `verify --repeat 20` does it for all, outside CI."""
    done = run_grader("verify", "fetch_all", "--quick", "--repeat", 2, "--under-load", timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr
