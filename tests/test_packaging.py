"""`pip install .` gives a command that needs no checkout."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import grader

from .conftest import CHECKOUT

pytest.importorskip("hatchling", reason="building a wheel needs hatchling")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-qw", folder, CHECKOUT]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "grader", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_it_grades_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    reference = CHECKOUT / "solutions" / "06_coroutines" / "running_average" / "running_average.py"
    (tmp_path / "ada" / reference.name).write_text(reference.read_text())
    done = run(installed, tmp_path, "grade", "ada", "--format", "plain")
    assert "10/10" in done.stdout, done.stdout + done.stderr


def test_its_metadata_names_the_pythons_that_tox_tests(installed: Path) -> None:
    (file,) = installed.glob("*.dist-info/METADATA")
    metadata = message_from_string(file.read_text(encoding="utf-8"))
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(CHECKOUT / "tox.ini")
    tested = {f"3.{env[3:]}" for env in tox["tox"]["env_list"].replace(",", " ").split() if env.startswith("py3")}
    prefix = "Programming Language :: Python :: 3."
    named = {f"3.{name.removeprefix(prefix)}" for name in metadata.get_all("Classifier", []) if name.startswith(prefix)}
    assert named == tested
    assert metadata.get_all("Project-URL") and metadata["Author"] and metadata["License-Expression"] == "MIT"


def test_it_says_that_it_is_typed_and_which_version_it_is(installed: Path) -> None:
    assert (installed / "grader" / "py.typed").exists()
    (about,) = installed.glob("concurrency_kit-*.dist-info")
    assert about.name == f"concurrency_kit-{grader.__version__}.dist-info"


def test_it_holds_no_solutions_and_says_so(installed: Path, tmp_path: Path) -> None:
    template = installed / "grader" / "authoring"
    assert not [file for file in installed.rglob("*.flaws") if not file.is_relative_to(template)]
    done = run(installed, tmp_path, "verify")
    assert (done.returncode, "checkout" in done.stderr) == (2, True), done.stderr


def test_what_ends_a_hang_and_the_pages_come_with_the_exercises(installed: Path) -> None:
    for page in ("pytest.ini", "README.md", "map.svg", "01_threads/README.md"):
        assert (installed / "grader" / "exercises" / page).is_file()


def test_doctor_says_that_trouble_is_unproven(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "doctor")
    said = " ".join(done.stdout.split())
    assert "no reference solutions are installed" in said and "grade from a checkout" in said, said + done.stderr
