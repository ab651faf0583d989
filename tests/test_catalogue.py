"""The exercises themselves: what students get works as promised, and the judge of each is proven right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import Exercise, load_catalogue

from .conftest import RunGrader
from .sampling import drawn

CATALOGUE = load_catalogue()


def of_each(exercises: list[Exercise]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("exercise", exercises, ids=lambda exercise: exercise.name)


def reference(exercise: Exercise) -> Path:
    assert CATALOGUE.solutions is not None
    return CATALOGUE.solutions / exercise.topic / exercise.name / f"{exercise.name}.py"


@of_each(CATALOGUE.exercises)
def test_students_get_all_they_need(exercise: Exercise) -> None:
    files = {file.name for file in exercise.folder.iterdir() if file.is_file()}
    own = {"README.md", "hints.md", "exercise.toml", exercise.stub.name, exercise.public_tests.name}
    pictures = {name for name in files if name.endswith(".svg")}
    assert files - pictures == own | set(exercise.given)
    statement = (exercise.folder / "README.md").read_text()
    assert not [name for name in pictures if f"]({name})" not in statement], "a picture that no statement shows"


@of_each(CATALOGUE.exercises)
def test_prerequisites_are_exercises_that_come_before(exercise: Exercise) -> None:
    names = [other.name for other in CATALOGUE.exercises]
    assert all(names.index(name) < names.index(exercise.name) for name in exercise.prerequisites)


@of_each(drawn(CATALOGUE.exercises, 10, "public tests"))
def test_public_tests_pass_on_the_reference_only(exercise: Exercise, tmp_path: Path, run_grader: RunGrader) -> None:
    shutil.copy(reference(exercise), tmp_path)
    right = run_grader("check", exercise.name)
    assert (right.returncode, "public tests passed" in right.stdout) == (0, True), right.stdout
    shutil.copy(exercise.stub, tmp_path)
    assert run_grader("check", exercise.name).returncode == 1


@pytest.mark.slow
@of_each(drawn(CATALOGUE.exercises, 6, "plain pytest"))
def test_plain_pytest_works_in_the_folder(exercise: Exercise) -> None:
    """It runs the tests, which fail on the stub, rather than failing to find the student's file."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=exercise.folder, capture_output=True, text=True)
    assert (done.returncode, "NotImplementedError" in done.stdout) == (1, True), done.stdout


def test_the_references_get_full_marks(tmp_path: Path, run_grader: RunGrader) -> None:
    exercises = drawn(CATALOGUE.exercises, 8, "references")
    for exercise in exercises:
        (tmp_path / "reference").mkdir(exist_ok=True)
        shutil.copy(reference(exercise), tmp_path / "reference")
    done = run_grader("grade", "reference", "--format", "plain")
    total = f"{sum(exercise.max_score for exercise in exercises):g}"
    assert f"{total}/{total}" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_verify_finds_no_trouble(run_grader: RunGrader) -> None:
    """Of the flawed solutions another one for each check each time, by that check; `verify` does all."""
    names = [exercise.name for exercise in drawn(CATALOGUE.exercises, 7, "verify")]
    done = run_grader("verify", *names, "--quick", "--sample", timeout=2700)
    assert done.returncode == 0, done.stdout + done.stderr
