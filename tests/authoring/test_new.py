"""`grader new` writes an exercise that works at once, or nothing at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.authoring import create_exercise
from grader.catalogue import load_catalogue
from grader.commands import main
from grader.errors import InfrastructureError, InputError
from tests.conftest import TINY, RunGrader


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A checkout with one exercise, 01_tiny/double_all."""
    return Path(shutil.copytree(TINY, tmp_path / "kit", ignore=shutil.ignore_patterns("__pycache__")))


def tree(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("path", ["01_tiny/add_up", "02_more/add_up"])
def test_the_mirrored_folders_are_written(kit: Path, path: str) -> None:
    before = tree(kit)
    created = create_exercise(path, kit, load_catalogue(kit))
    name = path.partition("/")[2]
    assert {str(file) for file in created.files} == {
        *(f"exercises/{path}/{file}" for file in ("README.md", "exercise.toml", "hints.md")),
        *(f"exercises/{path}/{file}.py" for file in (name, f"test_{name}")),
        *(f"solutions/{path}/{file}" for file in (f"{name}.py", f"{name}.flaws")),
        *(f"solutions/{path}/alternatives/{file}.py" for file in ("executor", "queue_of_results")),
        *(f"grader/suites/{path}/{file}.py" for file in ("scenarios", f"test_{name}")),
    }
    after = tree(kit)
    assert before.items() <= after.items()
    written = [text.decode() for file, text in after.items() if file not in before and text is not None]
    assert len(written) == len(created.files)
    assert not any("exercise_name" in text or "00_topic" in text for text in written)


def test_verify_accepts_it_and_its_public_tests_pass(kit: Path, run_grader: RunGrader) -> None:
    told = run_grader("new", "01_tiny/add_up", "--root", kit)
    assert (told.returncode, "./kit verify add_up" in told.stdout) == (0, True), told.stderr
    verified = run_grader("verify", "--root", kit, "add_up")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    checked = run_grader("check", "--root", kit, kit / "solutions" / "01_tiny" / "add_up" / "add_up.py")
    assert (checked.returncode, "passed (4/4)" in checked.stdout) == (0, True), checked.stdout


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("add_up", "NN_topic/name"),
        ("tiny/add_up", "two digits"),
        ("1_tiny/add_up", "two digits"),
        ("01_tiny/add_up/more", "NN_topic/name"),
        ("01_tiny/add-up", "small letters"),
        ("01_tiny/AddUp", "small letters"),
        ("../01_tiny/add_up", "NN_topic/name"),
        ("01_tiny/2_add", "small letters"),
        ("01_tiny/add_up\n", "NN_topic/name"),
        ("01_tiny/while", "Python's own"),
        ("01_tiny/queue", "Python's own"),
        ("01_tiny/pytest", "is installed"),
        ("01_tiny/test_add_up", "taken for a test"),
        ("01_tiny/double_all", "taken by 01_tiny/double_all"),
        ("02_more/double_all", "taken by 01_tiny/double_all"),
        ("01_more/add_up", "the same number"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_a_sentence(
    kit: Path, capsys: pytest.CaptureFixture[str], path: str, reason: str
) -> None:
    before = tree(kit)
    assert main(["new", path, "--root", str(kit)]) == 2
    said = capsys.readouterr().err
    assert (reason in said, said.count("\n")) == (True, 1), said
    assert tree(kit) == before


@pytest.mark.parametrize("place", ["exercises", "solutions", "grader/suites"])
def test_nothing_is_overwritten(kit: Path, place: str) -> None:
    (kit / place / "01_tiny" / "add_up").mkdir()
    before = tree(kit)
    with pytest.raises(InputError, match="nothing is overwritten"):
        create_exercise("01_tiny/add_up", kit, load_catalogue(kit))
    assert tree(kit) == before


def test_nothing_half_written_stays_behind(kit: Path) -> None:
    (kit / "grader" / "suites" / "02_more").write_text("a file where the last of the three folders goes")
    before = tree(kit)
    with pytest.raises(InfrastructureError, match="02_more"):
        create_exercise("02_more/add_up", kit, load_catalogue(kit))
    assert tree(kit) == before


def test_an_installed_kit_has_no_place_for_it(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(kit / "solutions")
    assert main(["new", "01_tiny/add_up", "--root", str(kit)]) == 2
    assert "in a checkout of the kit" in capsys.readouterr().err
