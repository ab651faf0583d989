"""`import grader`: a class or one file is judged from Python, and nothing is printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import grader
from grader.grading.files import load_exercise, load_results, save_exercise
from grader.results import Verdict
from grader.sandbox.rungs import Rung
from tests.conftest import CHECKOUT, TINY

CLASS = CHECKOUT / "tests" / "fixtures" / "tiny_class"
RIGHT = TINY / "solutions" / "01_tiny" / "double_all" / "double_all.py"


class Heard(grader.GradingWatcher):
    """Keeps all that it is told."""

    def __init__(self) -> None:
        self.rungs, self.jobs, self.results = [""], 0, 0

    def on_rung(self, rung: Rung) -> None:
        self.rungs = [rung.name]

    def on_plan(self, jobs: int) -> None:
        self.jobs = jobs

    def on_result(self) -> None:
        self.results += 1


def test_a_class_is_judged_without_a_word(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told, out = Heard(), tmp_path / "out"
    results = grader.grade([CLASS / "ada", str(CLASS / "bob")], out=out, root=TINY, seed=7, watcher=told)
    assert [submission.score for submission in results.submissions] == [3, 2]
    assert results == load_results(out) and results.complete
    assert (told.rungs, told.jobs, told.results) == ([results.sandbox], 2, 2)
    assert (out / "report" / "index.html").exists()
    assert capfd.readouterr() == ("", "")
    with pytest.raises(grader.InputError, match="holds results already"):
        grader.grade([CLASS / "ada"], out=out, root=TINY)
    again = grader.grade([CLASS / "ada", CLASS / "bob"], out=out, root=TINY, resume=True, watcher=told)
    assert (again.submissions, told.jobs) == (results.submissions, 0)


def test_resume_and_force_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(grader.InputError, match="not both"):
        grader.grade([CLASS], out=tmp_path, root=TINY, resume=True, force=True)


def test_what_is_finished_is_published_though_no_worker_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # only workers heed it
    with pytest.raises(grader.InfrastructureError, match="3 times in a row"):
        grader.grade([CLASS], out=tmp_path / "out", root=TINY)
    results = load_results(tmp_path / "out")
    found = [submission.exercises[0].verdict for submission in results.submissions if submission.exercises]
    assert (results.complete, found) == (False, [grader.Verdict.SKIPPED])
    assert (tmp_path / "out" / "report" / "index.html").exists()


def test_one_path_and_one_exercise_need_no_list(tmp_path: Path) -> None:
    results = grader.grade(str(CLASS / "ada"), exercises="double_*", out=tmp_path / "out", root=TINY, jobs=1)
    assert [(submission.student, submission.score) for submission in results.submissions] == [("ada", 3)]


@pytest.mark.parametrize("source", [RIGHT, RIGHT.read_text(), RIGHT.read_bytes()], ids=["path", "text", "bytes"])
def test_one_file_is_judged_without_a_word(
    source: Path | str | bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = grader.check("double_all", source, root=TINY, seed=7)
    assert (result.verdict, result.score, result.seed) == (grader.Verdict.PASS, 3, 7)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["triple_all", "01_tiny", "*", ""])
def test_one_file_is_for_one_exercise(name: str) -> None:
    with pytest.raises(grader.InputError, match="double_all"):
        grader.check(name, RIGHT, root=TINY)


@pytest.mark.parametrize("source", [Path("nowhere.py"), "\udc80"], ids=["missing", "no text"])
def test_what_is_no_source_is_refused(source: Path | str) -> None:
    with pytest.raises(grader.InputError):
        grader.check("double_all", source, root=TINY)


def test_every_public_name_is_there() -> None:
    assert {name for name in grader.__all__ if getattr(grader, name, None) is None} == set()
    with pytest.raises(AttributeError, match="nonsense"):
        _ = grader.nonsense


def test_importing_it_costs_nothing() -> None:
    ask = "import sys; before = set(sys.modules); import grader; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-P", "-c", ask], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"grader", "__future__"}


def test_the_documented_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CHECKOUT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", (CHECKOUT / "docs" / "api.md").read_text(), re.DOTALL)
    assert len(examples) == 2
    exec("\n".join(examples), {})
    assert (tmp_path / "one" / "results.json").exists()


def hand_in(folder: Path, *students: str) -> Path:
    for student in students:
        (folder / student).mkdir(parents=True)
        shutil.copy(RIGHT, folder / student)
    return folder


def test_a_check_that_could_not_be_judged_is_judged_again(tmp_path: Path) -> None:
    folder, told = hand_in(tmp_path / "class", "ada", "bob"), Heard()
    grader.grade(folder, out=tmp_path / "out", root=TINY, seed=7)
    kept = load_exercise(tmp_path / "out", "ada", "double_all")
    assert kept is not None
    first, *others = kept.checks
    troubled = replace(kept, verdict=Verdict.FAIL, checks=[replace(first, verdict=Verdict.INFRA), *others])
    save_exercise(tmp_path / "out", "ada", troubled)
    grader.grade(folder, out=tmp_path / "out", root=TINY, resume=True, watcher=told)
    assert told.jobs == 1


def test_results_among_the_hand_ins_are_no_hand_in(tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "class", "ada", "bob")
    for _ in range(2):
        results = grader.grade(folder, out=folder / "grades", root=TINY, resume=True)
        assert [submission.student for submission in results.submissions] == ["ada", "bob"]


@pytest.mark.parametrize("out", [".", "ada"])
def test_results_get_a_folder_of_their_own(tmp_path: Path, out: str) -> None:
    folder = hand_in(tmp_path, "ada", "bob")
    with pytest.raises(grader.InputError, match="holds what was handed in"):
        grader.grade(folder, out=folder / out, root=TINY, force=True)
    assert not list(tmp_path.rglob(".lock"))


@pytest.mark.parametrize("out", ["o" * 300, "nul\0", "loop", "fifo", "file"])
def test_what_is_no_folder_for_results_is_said_to_be(tmp_path: Path, out: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(grader.InputError, match=r"choose another --out|--out needs a folder"):
        grader.grade(CLASS, out=tmp_path / out, root=TINY)
