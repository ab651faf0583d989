"""`grader check` as a student types it: what is found, what is said, and the exit code."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.checking import recorder
from grader.checking.find import find_solutions
from grader.checking.public_tests import how_it_ended
from tests.conftest import CHECKOUT

NAME, TOPIC = "running_average", "06_coroutines"
RIGHT = (CHECKOUT / "solutions" / TOPIC / NAME / f"{NAME}.py").read_text()
STUB = (CHECKOUT / "exercises" / TOPIC / NAME / f"{NAME}.py").read_text()
EXERCISE = next(exercise for exercise in load_catalogue().exercises if exercise.name == NAME)


def check(folder: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "grader", "check", *targets],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )


def written(folder: Path, source: str, name: str = f"{NAME}.py") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    return folder


def conclusion(said: subprocess.CompletedProcess[str]) -> str:
    return said.stdout.strip().splitlines()[-1]


def test_a_right_solution(tmp_path: Path) -> None:
    said = check(written(tmp_path, RIGHT))
    assert (said.returncode, said.stderr) == (0, "")
    assert conclusion(said) == "public tests passed (9/9); 9 hidden checks run at grading"
    assert "✓ A reset starts afresh" in said.stdout


def test_a_wrong_solution_is_told_what_was_expected_and_seen(tmp_path: Path) -> None:
    said = check(written(tmp_path, RIGHT.replace("/ count", "// count")))
    assert said.returncode == 1
    assert "of the test: average.send(4) == 3.5" in said.stdout
    assert "seen: 3.0 == 3.5, which is false" in said.stdout
    assert conclusion(said).startswith("3 of 9 public tests failed; hints: see hints.md in ")


def test_on_a_ci_machine_the_same_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There pytest would compare long values line by line, which can take minutes."""
    monkeypatch.setenv("CI", "1")
    monkeypatch.setenv("BUILD_NUMBER", "1")
    said = check(written(tmp_path, "import os\nraise RuntimeError({'CI', 'BUILD_NUMBER'} & set(os.environ))"))
    assert "set()" in said.stdout


def test_an_exception_is_shown_with_the_line_of_the_student(tmp_path: Path) -> None:
    said = check(written(tmp_path, RIGHT.replace("count, mean = 0, 0.0\n    while", "print('so far')\n    while")))
    line = 1 + next(n for n, code in enumerate(RIGHT.splitlines()) if "number = yield" in code)
    assert f"where: line {line} of {NAME}.py, in {NAME}: number = yield mean" in said.stdout
    assert "seen: it raised UnboundLocalError" in said.stdout
    assert "it printed:\n        so far\n" in said.stdout


def test_the_stub_is_not_written_yet(tmp_path: Path) -> None:
    said = check(written(tmp_path, STUB))
    assert said.returncode == 1
    assert f"not written yet: {NAME}.py raises NotImplementedError" in said.stdout
    assert conclusion(said).startswith("9 of 9 public tests failed")


BROKEN = {
    "syntax error": ("x = 1\ndef running_average(:\n", ["not valid Python: invalid syntax", f"line 2 of {NAME}.py"]),
    "missing names": ("def average(): ...\n", [f"{NAME}.py does not define running_average, Reset"]),
    "raises at import": ("\n1 / 0\n", ["it raised ZeroDivisionError: division by zero", "line 2 of"]),
    "imports what is not there": ("import no_such_module\n", ["No module named 'no_such_module'", "line 1 of"]),
    "ends the process": ("import os\nprint('9 passed')\nos._exit(0)\n", ["ended the whole Python process"]),
    "asks for input": ("input()\n", ["reading from stdin", "line 1 of"]),
}


@pytest.mark.parametrize(("source", "sentences"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_imported(source: str, sentences: list[str], tmp_path: Path) -> None:
    said = check(written(tmp_path, source))
    assert said.returncode == 1
    assert [sentence for sentence in sentences if sentence not in said.stdout] == []
    assert conclusion(said).startswith("the public tests could not be run")


def test_ending_the_process_does_not_pass(tmp_path: Path) -> None:
    """Neither the exit status nor what is printed counts."""
    ends = "import os\nclass Reset(Exception): ...\ndef running_average():\n    print('5 passed')\n    os._exit(0)\n"
    said = check(written(tmp_path, ends))
    assert said.returncode == 1
    assert "The code ended the whole Python process (exit status 0)" in said.stdout
    assert conclusion(said).startswith("1 of 9 public tests failed, 8 did not run")


def test_a_module_of_python_hidden_by_a_file_of_the_student(tmp_path: Path) -> None:
    written(tmp_path, "", "threading.py")
    said = check(written(tmp_path, RIGHT))
    assert said.returncode == 1
    assert "threading.py in the same folder hides Python's own module threading" in said.stdout


HANGS = """import threading
class Reset(Exception): ...
def running_average():
    threading.Event().wait()
    yield
"""
WITH_LITTLE_PATIENCE = """if True:
    import sys
    from grader.checking import recorder

    recorder.PATIENCE_S = 1
    sys.exit(recorder.main(*sys.argv[1:]))
"""


def test_a_hang_ends_and_is_told_by_check(tmp_path: Path) -> None:
    file = written(tmp_path, HANGS) / f"{NAME}.py"
    about = [tmp_path / "results", file, EXERCISE.public_tests, "", *EXERCISE.interface]
    done = subprocess.run(
        [sys.executable, "-c", WITH_LITTLE_PATIENCE, *map(str, about)],
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{tmp_path}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )
    told = how_it_ended(done.returncode, done.stderr, file, started=True).splitlines()
    assert told[0] == "It hung. Its threads were at:"
    assert told[1].endswith(f", called from {NAME}.py line 4, in {NAME}")


def test_a_hang_ends_and_is_told_by_plain_pytest(tmp_path: Path) -> None:
    """In an exercise's folder, with what stands beside the exercises."""
    shutil.copy(CHECKOUT / "exercises" / "pytest.ini", tmp_path)
    folder = shutil.copytree(EXERCISE.folder, tmp_path / TOPIC / NAME)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=1"]
    done = subprocess.run(command, cwd=written(folder, HANGS), capture_output=True, text=True)
    assert done.returncode == 1
    assert "Timeout (0:00:01)!" in done.stderr
    assert f'{NAME}.py", line 4 in {NAME}\n' in done.stderr


def test_the_statements_say_how_long_a_hang_takes() -> None:
    options = configparser.ConfigParser()
    options.read(CHECKOUT / "exercises" / "pytest.ini")
    assert options["pytest"]["faulthandler_timeout"] == str(recorder.PATIENCE_S)
    told = f"after {recorder.PATIENCE_S} seconds `Timeout (0:00:{recorder.PATIENCE_S})!` appears with the line"
    statements = [(exercise.folder / "README.md").read_text() for exercise in load_catalogue().exercises]
    assert all(told in " ".join(text.split()) for text in statements if "Timeout (" in text)


def test_where_a_hang_was() -> None:
    file = Path("/somewhere/fetch_all.py")
    said = f"""Timeout (0:00:30)!
Thread 0x00007f01 (most recent call first):
  File "{file}", line 4 in work
  File "/usr/lib/python3.11/threading.py", line 982 in run

Thread 0x00007f02 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 1139 in join
  File "{file}", line 8 in fetch_all
  File "/kit/test_fetch_all.py", line 33 in test_every_page
"""
    assert how_it_ended(1, said, file, started=True).splitlines() == [
        "It hung. Its threads were at:",
        "fetch_all.py line 4, in work",
        "threading.py line 1139, in join, called from fetch_all.py line 8, in fetch_all",
    ]


@pytest.mark.parametrize("place", ["", f"{NAME}/", f"{TOPIC}/{NAME}/", f"exercises/{TOPIC}/{NAME}/"])
def test_where_the_file_may_lie(place: str, tmp_path: Path) -> None:
    written(tmp_path, STUB, f"{place}{NAME}.py")
    assert find_solutions([], load_catalogue(), tmp_path) == [(EXERCISE, tmp_path / place / f"{NAME}.py")]


@pytest.mark.parametrize("target", [NAME, TOPIC, "running*", f"{NAME}.py", "."])
def test_what_can_be_asked_for(target: str, tmp_path: Path) -> None:
    """Whatever finds a file twice checks it once."""
    written(tmp_path, STUB)
    assert find_solutions([target, NAME], load_catalogue(), tmp_path) == [(EXERCISE, tmp_path / f"{NAME}.py")]


def test_a_folder_with_several(tmp_path: Path) -> None:
    written(tmp_path / "mine", STUB)
    written(tmp_path / "mine", (CHECKOUT / "solutions/04_executors/fetch_all/fetch_all.py").read_text(), "fetch_all.py")
    said = check(tmp_path, "mine", f"mine/{NAME}.py")
    assert said.returncode == 1
    assert said.stdout.count("public tests passed (8/8)") == 1
    assert said.stdout.count("9 of 9 public tests failed") == 1


UNUSABLE = {
    "nothing found": ([], "There is no file of an exercise in"),
    "not started": ([NAME], f"There is no {NAME}.py in"),
    "unknown exercise": (["bakery"], "There is no exercise or topic called bakery"),
    "no such file": (["fetch_all.py"], "There is no file"),
    "not an exercise": (["notes.py"], "is not named after an exercise"),
}


@pytest.mark.parametrize(("targets", "sentence"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_told_in_one_sentence(targets: list[str], sentence: str, tmp_path: Path) -> None:
    said = check(written(tmp_path, "", "notes.py"), *targets)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("grader check: ") and sentence in said.stderr
    assert said.stderr.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    written(tmp_path, RIGHT)
    (tmp_path / f"{NAME}.py").chmod(0)
    said = check(tmp_path)
    assert (said.returncode, said.stdout) == (2, "")
    assert "cannot be read (Permission denied)" in said.stderr
