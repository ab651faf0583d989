"""The real `grader grade` on a tiny class: golden results, resuming, interruptions, and what a bad input gets.

To renew the golden file after a change that is meant: `python -m tests.commands.test_grade`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.schema import schema
from tests.conftest import CHECKOUT, TINY, RunGrader

CLASS = CHECKOUT / "tests" / "fixtures" / "tiny_class"
GOLDEN = CHECKOUT / "tests" / "fixtures" / "tiny_class.golden.json"
VARYING = ("started", "finished", "kit_version", "python", "sandbox", "digest", "duration_s", "judge_cpu_s", "own_s")
GRADE = ("grade", "--root", TINY, "--seed", 7, "--format", "json")


def normalized(value: Any) -> Any:
    """Without what may differ from run to run or from machine to machine."""
    if isinstance(value, dict):
        return {key: normalized(item) for key, item in value.items() if key not in VARYING}
    return [normalized(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def tiny_class(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLASS, tmp_path / "class"))


@pytest.fixture
def graded(tmp_path: Path, tiny_class: Path, run_grader: RunGrader) -> Path:
    done = run_grader(*GRADE, tiny_class, "--out", "out")
    assert done.returncode == 0, done.stderr
    return tmp_path / "out"


def results(out: Path) -> Any:
    return json.loads((out / "results.json").read_text())


def test_results_are_the_golden_ones(graded: Path) -> None:
    assert normalized(results(graded)) == json.loads(GOLDEN.read_text())


def test_everything_promised_is_written(graded: Path) -> None:
    jsonschema.validate(results(graded), schema())
    assert results(graded)["sandbox"] and results(graded)["complete"]
    pages = {page.stem for page in (graded / "report" / "students").iterdir()}
    assert pages == {"ada", "bob", "cem", "dan", "eve", "fay"} and (graded / "report" / "index.html").exists()


def test_json_goes_to_standard_output(tiny_class: Path, tmp_path: Path, run_grader: RunGrader) -> None:
    done = run_grader(*GRADE, tiny_class / "ada", "--out", "out")
    assert json.loads(done.stdout) == results(tmp_path / "out")


def test_resume_judges_only_what_has_changed(
    graded: Path, tiny_class: Path, tmp_path: Path, run_grader: RunGrader
) -> None:
    before = {file: file.stat().st_mtime_ns for file in graded.glob("students/*/*.json")}
    shutil.copy(tiny_class / "ada" / "double_all.py", tiny_class / "bob" / "double_all.py")
    done = run_grader("grade", "--root", TINY, tiny_class, "--out", "out", "--resume", "--format", "json")
    assert done.returncode == 0, done.stderr
    again = {file.parent.name for file, then in before.items() if file.stat().st_mtime_ns != then}
    assert again - {"eve"} == {"bob"}  # eve handed in nothing: there is nothing to judge
    scores = {s["student"]: s["exercises"][0]["score"] for s in results(graded)["submissions"]}
    assert (scores["ada"], scores["bob"], results(graded)["seed"]) == (3, 3, 7)


def test_results_are_not_overwritten_by_accident(graded: Path, tiny_class: Path, run_grader: RunGrader) -> None:
    before = (graded / "results.json").read_bytes()
    done = run_grader(*GRADE, tiny_class, "--out", "out")
    assert (done.returncode, "--resume" in done.stderr, "--force" in done.stderr) == (2, True, True)
    assert (graded / "results.json").read_bytes() == before
    assert run_grader(*GRADE, tiny_class, "--out", "out", "--force").returncode == 0


def start_grading(tmp_path: Path, tiny_class: Path, root: Path = TINY) -> subprocess.Popen[str]:
    options = ["--root", str(root), *map(str, GRADE[3:]), "--out", "out", "--jobs", "1"]
    command = [sys.executable, "-P", "-m", "grader", "grade", str(tiny_class), *options]
    return subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - sets a signal and nothing else
    )


def _heed_interrupts() -> None:
    """Tests that run in the background of a shell were started with interrupts ignored, and would hand that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_results(out: Path, count: int, grading: subprocess.Popen[str]) -> None:
    while len(list(out.glob("students/*/*.json"))) < count and grading.poll() is None:
        os.sched_yield()


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_a_killed_grading_loses_at_most_the_jobs_in_flight(
    count: int, tmp_path: Path, tiny_class: Path, run_grader: RunGrader
) -> None:
    grading = start_grading(tmp_path, tiny_class)
    wait_for_results(tmp_path / "out", count, grading)
    grading.kill()
    grading.communicate()
    kept = {file: file.read_bytes() for file in (tmp_path / "out").glob("students/*/*.json")}
    assert len(kept) >= count and all(json.loads(content) for content in kept.values())
    done = run_grader(*GRADE, tiny_class, "--out", "out", "--resume")
    assert done.returncode == 0, done.stderr
    assert all(file.read_bytes() == content for file, content in kept.items() if file.parent.name != "eve")
    assert normalized(results(tmp_path / "out")) == json.loads(GOLDEN.read_text())


def holding_after(count: int, tmp_path: Path) -> Path:
    """The tiny catalogue, whose first check does not go on once there are so many results."""
    root = Path(shutil.copytree(TINY, tmp_path / "holding"))
    suite = root / "grader" / "suites" / "01_tiny" / "double_all" / "test_double_all.py"
    hold = (
        f"while len(list(pathlib.Path({str(tmp_path / 'out')!r}).glob('students/*/*.json'))) >= {count}: signal.pause()"
    )
    title = '"""Every item is doubled."""'
    suite.write_text("import pathlib, signal\n" + suite.read_text().replace(title, f"{title}\n    {hold}"))
    return root


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_keeps_what_is_finished(
    times: int, tmp_path: Path, tiny_class: Path, run_grader: RunGrader
) -> None:
    grading = start_grading(tmp_path, tiny_class, holding_after(2, tmp_path))
    wait_for_results(tmp_path / "out", 2, grading)
    for _ in range(times):
        grading.send_signal(signal.SIGINT)
    _, said = grading.communicate()
    assert (grading.returncode, "--resume" in said) == (130, True), said
    assert results(tmp_path / "out")["complete"] is False
    assert run_grader(*GRADE, tiny_class, "--out", "out", "--resume").returncode == 0
    assert normalized(results(tmp_path / "out")) == json.loads(GOLDEN.read_text())


def test_a_second_grader_is_told_of_the_first(tmp_path: Path, tiny_class: Path, run_grader: RunGrader) -> None:
    first = start_grading(tmp_path, tiny_class, holding_after(2, tmp_path))
    wait_for_results(tmp_path / "out", 2, first)
    second = run_grader(*GRADE, tiny_class, "--out", "out", "--resume")
    assert (second.returncode, one_sentence(second.stderr), str(first.pid) in second.stderr) == (2, True, True)
    first.send_signal(signal.SIGINT)
    first.communicate()
    assert (first.returncode, len(list((tmp_path / "out").glob("students/*/*.json"))) >= 2) == (130, True)
    assert run_grader(*GRADE, tiny_class, "--out", "out", "--resume").returncode == 0


@pytest.mark.parametrize(
    ("broken", "verdict"),
    [
        (
            "from grader.evidence import NotMeasurableError\n    raise NotMeasurableError('no clock')",
            "not_measurable",
        ),
        ("raise KeyError('a mistake of the suite')", "infra"),
    ],
    ids=["not measurable", "a mistake in the suite"],
)
def test_what_the_kit_cannot_judge_costs_nothing_nor_does_what_builds_on_it(
    broken: str, verdict: str, tmp_path: Path, tiny_class: Path, run_grader: RunGrader
) -> None:
    root = shutil.copytree(TINY, tmp_path / "kit")
    suite = root / "grader" / "suites" / "01_tiny" / "double_all" / "test_double_all.py"
    title = '"""Every item is doubled."""'
    suite.write_text(suite.read_text().replace(title, f"{title}\n    {broken}"))
    done = run_grader("grade", "--root", root, tiny_class / "ada", "--format", "json")
    result = json.loads(done.stdout)["submissions"][0]["exercises"][0]
    assert [check["verdict"] for check in result["checks"]] == [verdict, verdict]
    assert (result["verdict"], result["max_score"]) == (verdict, 0)


# ------------------------------------------------------------------ bad input


def one_sentence(said: str) -> bool:
    return said.startswith("grader grade: ") and said.count("\n") == 1 and said.rstrip().endswith(".")


def test_missing_path(tmp_path: Path, run_grader: RunGrader) -> None:
    done = run_grader(*GRADE, "nowhere")
    assert (done.returncode, one_sentence(done.stderr), "nowhere" in done.stderr) == (2, True, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_empty_folder(tmp_path: Path, run_grader: RunGrader) -> None:
    (tmp_path / "empty").mkdir()
    done = run_grader(*GRADE, "empty")
    assert (done.returncode, one_sentence(done.stderr)) == (2, True), done.stderr
    assert not (tmp_path / "grades").exists()


def test_unreadable_zip(tmp_path: Path, run_grader: RunGrader) -> None:
    (tmp_path / "class.zip").write_bytes(b"PK\3\4 but not really")
    done = run_grader(*GRADE, "class.zip")
    assert (done.returncode, one_sentence(done.stderr), "class.zip" in done.stderr) == (2, True, True), done.stderr


def test_unknown_exercise(tiny_class: Path, run_grader: RunGrader) -> None:
    done = run_grader(*GRADE, tiny_class, "--exercise", "triple_all")
    assert (done.returncode, one_sentence(done.stderr), "double_all" in done.stderr) == (2, True, True), done.stderr


def test_duplicate_student(tiny_class: Path, run_grader: RunGrader) -> None:
    shutil.copytree(tiny_class / "ada", tiny_class.parent / "more" / "ada")
    done = run_grader(*GRADE, tiny_class, tiny_class.parent / "more")
    assert (done.returncode, one_sentence(done.stderr), "ada" in done.stderr) == (2, True, True), done.stderr


@pytest.mark.parametrize(
    "broken",
    ["title = ", "", 'title = "x"', "points = 3", "[points]\ncourage = 3\n", "\xff"],
    ids=["syntax", "empty", "incomplete", "wrong type", "unknown kind", "not UTF-8"],
)
def test_broken_exercise_toml(broken: str, tmp_path: Path, tiny_class: Path, run_grader: RunGrader) -> None:
    root = shutil.copytree(TINY, tmp_path / "kit")
    file = root / "exercises" / "01_tiny" / "double_all" / "exercise.toml"
    file.write_bytes(broken.encode("latin-1"))
    done = run_grader("grade", "--root", root, tiny_class)
    assert (done.returncode, "exercise.toml" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


def test_output_is_a_file(tmp_path: Path, tiny_class: Path, run_grader: RunGrader) -> None:
    (tmp_path / "out").write_text("precious")
    done = run_grader(*GRADE, tiny_class, "--out", "out")
    assert (done.returncode, one_sentence(done.stderr)) == (2, True), done.stderr
    assert (tmp_path / "out").read_text() == "precious"


def mounted(options: str, tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command with a small file system of its own mounted at ./out."""
    (tmp_path / "out").mkdir(exist_ok=True)
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("needs the right to mount: unshare -m fails here")
    script = f'mount -t tmpfs -o {options} none out && "$@"; code=$?; ls -R out >listing; exit $code'
    command = ["unshare", "-m", "sh", "-c", script, "sh", sys.executable, "-m", "grader", *map(str, arguments)]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)


def test_read_only_output_folder(tmp_path: Path, tiny_class: Path) -> None:
    done = mounted("ro", tmp_path, *GRADE, tiny_class, "--out", "out")
    assert (done.returncode, one_sentence(done.stderr), "out" in done.stderr) == (3, True, True), done.stderr


def test_full_disk_keeps_finished_grades(tmp_path: Path, tiny_class: Path) -> None:
    done = mounted("size=64k", tmp_path, *GRADE, tiny_class, "--out", "out")
    assert (done.returncode, one_sentence(done.stderr), "out" in done.stderr) == (3, True, True), done.stderr
    assert ".tmp" not in (tmp_path / "listing").read_text()


def test_an_interpreter_that_is_none(tiny_class: Path, run_grader: RunGrader) -> None:
    done = run_grader(*GRADE, tiny_class, "--python", "/bin/true")
    assert (done.returncode, one_sentence(done.stderr)) == (2, True), done.stderr


def renew_golden() -> None:
    out = Path("golden-run")
    command = [sys.executable, "-P", "-m", "grader", *map(str, GRADE), str(CLASS), "--out", str(out), "--force"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    GOLDEN.write_text(json.dumps(normalized(results(out)), indent=1, ensure_ascii=False) + "\n")
    shutil.rmtree(out)


if __name__ == "__main__":
    renew_golden()
