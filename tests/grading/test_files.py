"""Result files are whole or absent, and every trouble with them is one sentence."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from grader.atomic import write_atomically
from grader.errors import InfrastructureError, InputError
from grader.grading.collecting import publish_report
from grader.grading.files import load_exercise, load_results, save_exercise, save_results
from grader.grading.lock import held
from grader.results import SCHEMA_VERSION
from tests.class_results import right, sample_class, wrong


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_results_come_back(tmp_path: Path) -> None:
    path = save_results(tmp_path / "new" / "out", sample_class())
    assert path == tmp_path / "new" / "out" / "results.json"
    assert load_results(path.parent) == sample_class()


def test_hostile_text_comes_back(tmp_path: Path) -> None:
    result = replace(wrong("run_all"), output="\udc80\x00\x1b[31m\u202e</script>\n刘")
    save_exercise(tmp_path, "ada", result)
    assert load_exercise(tmp_path, "ada", "run_all") == result


def test_saving_again_replaces(tmp_path: Path) -> None:
    save_exercise(tmp_path, "ada", wrong("run_all"))
    save_exercise(tmp_path, "ada", right("run_all"))
    assert load_exercise(tmp_path, "ada", "run_all") == right("run_all")
    assert files_in(tmp_path) == ["run_all.json"]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[1]", b'{"exercise": "run_all"}', b"[" * 100_000])
def test_a_damaged_exercise_counts_as_absent(tmp_path: Path, damage: bytes) -> None:
    save_exercise(tmp_path, "ada", right("run_all")).write_bytes(damage)
    assert load_exercise(tmp_path, "ada", "run_all") is None


@pytest.mark.parametrize("student", ["results.json", "gradebook.sqlite", "report", "index.html", ".lock", "students"])
def test_nobody_is_called_like_a_file_of_the_grader(tmp_path: Path, student: str) -> None:
    save_results(tmp_path, sample_class())
    with held(tmp_path, "now"):
        save_exercise(tmp_path, student, right("run_all"))
    publish_report(sample_class(), tmp_path)
    assert load_exercise(tmp_path, student, "run_all") == right("run_all")
    assert load_results(tmp_path) == sample_class()


def test_an_exercise_never_graded_is_absent(tmp_path: Path) -> None:
    assert load_exercise(tmp_path, "ada", "run_all") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b"{}", b'{"schema_version": 1}', b"[" * 100_000])
def test_damaged_results_are_said_to_be(tmp_path: Path, damage: bytes) -> None:
    save_results(tmp_path, sample_class()).write_bytes(damage)
    with pytest.raises(InputError, match=r"results\.json is damaged"):
        load_results(tmp_path)


def test_missing_results_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"results\.json does not exist"):
        load_results(tmp_path)


def test_unreadable_results_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "results.json").mkdir()
    with pytest.raises(InputError, match=r"results\.json cannot be read"):
        load_results(tmp_path)


def test_results_of_a_newer_kit_ask_for_an_upgrade(tmp_path: Path) -> None:
    newer = {"schema_version": SCHEMA_VERSION + 1, "unheard": "of"}
    (tmp_path / "results.json").write_text(json.dumps(newer))
    with pytest.raises(InputError, match="newer kit"):
        load_results(tmp_path)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "disk space"),
        (errno.EROFS, "writable disk"),
        (errno.EACCES, "writable"),
        (errno.EIO, "disk"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, remedy: str, step: str
) -> None:
    target = tmp_path / "results.json"
    write_atomically(target, "old")

    def fail(*_: object, **_folders: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(InfrastructureError, match=rf"results\.json could not be written.*{remedy}"):
        write_atomically(target, "new")
    assert target.read_text() == "old"
    assert files_in(tmp_path) == ["results.json"]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomically(tmp_path / "a", "old")

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "old"
    assert files_in(tmp_path) == ["a"]


def test_a_file_in_the_way_of_a_folder_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "students").write_text("")
    with pytest.raises(InfrastructureError, match="a file is in the way"):
        save_exercise(tmp_path, "ada", right("run_all"))


def test_planted_links_are_neither_read_nor_written_through(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    save_exercise(elsewhere, "ada", right("run_all"))
    (out / "students").mkdir(parents=True)
    (out / "students" / "ada").symlink_to(elsewhere / "students" / "ada")
    (out / "report").symlink_to(elsewhere)
    assert load_exercise(out, "ada", "run_all") is None
    with pytest.raises(InfrastructureError, match="symbolic link is in the way"):
        save_exercise(out, "ada", wrong("run_all"))
    with pytest.raises(InfrastructureError, match="symbolic link is in the way"):
        publish_report(sample_class(), out)
    assert load_exercise(elsewhere, "ada", "run_all") == right("run_all")
    assert files_in(elsewhere) == ["run_all.json"]


def test_a_folder_of_results_may_be_named_by_a_link(tmp_path: Path) -> None:
    save_results(tmp_path / "out", sample_class())
    (tmp_path / "latest").symlink_to("out")
    assert load_results(tmp_path / "latest") == sample_class()
