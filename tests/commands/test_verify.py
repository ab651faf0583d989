"""`grader verify` finds what is wrong with a catalogue, and passes one that is right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import TINY, RunGrader

EXERCISE = "01_tiny/double_all"
RIGHT = (TINY / "solutions" / EXERCISE / "double_all.py").read_text()
SERIAL = RIGHT.replace("list(pool.map(double, items))", "[double(item) for item in items]")


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "kit"))


def test_a_right_catalogue_passes_every_time(kit: Path, run_grader: RunGrader) -> None:
    done = run_grader("verify", "--root", kit, "--repeat", 2)
    assert (done.returncode, "7 solutions of 1 exercise, 2 times each" in done.stdout) == (0, True), done.stdout


@pytest.mark.slow
def test_quick_judges_a_flawed_solution_by_its_catcher_only(kit: Path, run_grader: RunGrader) -> None:
    done = run_grader("verify", "--root", kit, "--quick")
    assert (done.returncode, "7 solutions of 1 exercise" in done.stdout) == (0, True), done.stdout


@pytest.mark.slow
def test_a_right_catalogue_passes_under_load(kit: Path, run_grader: RunGrader) -> None:
    done = run_grader("verify", "--root", kit, "--right", "--repeat", 2, "--under-load", "--load", 20)
    assert done.returncode == 0, done.stdout


def test_a_load_is_for_judging_under_load(kit: Path, run_grader: RunGrader) -> None:
    done = run_grader("verify", "--root", kit, "--load", 20)
    assert (done.returncode, "--under-load" in done.stderr) == (2, True), done.stderr


def write(path: str, text: str) -> Callable[[Path], object]:
    return lambda kit: (kit / path).write_text(text)


def change(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change_it(kit: Path) -> None:
        text = (kit / path).read_text()
        assert old in text
        (kit / path).write_text(text.replace(old, new))

    return change_it


FAILS_ONCE = """
    from pathlib import Path
    marker = Path("{marker}")
    if not marker.exists():
        marker.touch()
        raise OSError("out of luck")
"""

SOLUTIONS, SUITE = f"solutions/{EXERCISE}", f"grader/suites/{EXERCISE}/test_double_all.py"
FLAWS, STATEMENT = f"{SOLUTIONS}/double_all.flaws", f"exercises/{EXERCISE}/README.md"
SERIAL_FLAW = """
# test_two_at_once

== serial: fail
One after the other.
@@
-        return list(pool.map(double, items))
+        return [double(item) for item in items]
"""
TROUBLES = {
    "an alternative that is wrong": (
        write(f"{SOLUTIONS}/alternatives/processes.py", SERIAL),
        "alternative processes must get full marks, and gets 2 of 3 (fail)",
    ),
    "a stub that solves something": (
        write(f"exercises/{EXERCISE}/double_all.py", RIGHT),
        "stub double_all passes test_values, test_two_at_once",
    ),
    "a flawed solution that nobody catches": (
        change(FLAWS, "[double(item) for item in items]", "[*pool.map(double, items)]"),
        "flawed serial must get fail from test_two_at_once, and gets pass",
    ),
    "a verdict that is another": (
        change(FLAWS, "serial: fail", "serial: race"),
        "flawed serial must get race from test_two_at_once, and gets fail",
    ),
    "a check without a catcher": (
        change(FLAWS, SERIAL_FLAW, ""),
        "no flawed solution names test_two_at_once as its catcher",
    ),
    "public tests that the reference fails": (
        change(f"exercises/{EXERCISE}/test_double_all.py", "assert", "assert not"),
        "reference double_all fails the public tests: ",
    ),
    "a statement with other points": (
        change(STATEMENT, "| concurrency | 1 |", "| concurrency | 2.5 |"),
        "README.md has 2.5 points for concurrency, exercise.toml 1 points",
    ),
    "a statement without points": (
        lambda kit: (kit / STATEMENT).unlink(),
        "README.md has no row `| correctness | points |`, exercise.toml 2 points",
    ),
    "a check that passes where nothing is told": (
        change(SUITE, '    expect(seen.value, [6, 2, 4], "each item times two", "the loop")\n', ""),
        "test_two_at_once passes although nothing is told",
    ),
    "a check that does not expect what may be told": (
        change(SUITE, "    expect(seen.value, [6, 2, 4],", "    sum(seen.value)\n    expect(seen.value, [6, 2, 4],"),
        "test_two_at_once takes for granted what is told",
    ),
    "a suite with a mistake of its own": (
        lambda kit: (kit / SUITE).write_text((kit / SUITE).read_text().replace("seen.peak", "seen.peek")),
        "infra",
    ),
    "a judge that fails at times": (
        lambda kit: (kit / SUITE).write_text((kit / SUITE).read_text() + FAILS_ONCE.format(marker=kit / "marker")),
        "test_two_at_once could at first not be judged",
    ),
    "a verdict that depends on the seed": (
        lambda kit: (kit / SUITE).write_text(
            (kit / SUITE).read_text().replace("def test_two_at_once(student):", "def test_two_at_once(student, rng):")
            + "\n    assert rng.random() < 0.5, feedback('luck', 'none')\n"
        ),
        "the verdict differs between repetitions",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_is_told(name: str, kit: Path, run_grader: RunGrader) -> None:
    break_it, said = TROUBLES[name]
    break_it(kit)
    repeat = 4 if "seed" in name else 1
    done = run_grader("verify", "--root", kit, "--seed", 1, "--repeat", repeat)
    assert (done.returncode, said in done.stdout) == (1, True), done.stdout + done.stderr


UNUSABLE = {
    "a check without points": (change(SUITE, "test_two_at_once", "test_two"), "test_double_all.py has no points in"),
    "a check without a title": (
        change(SUITE, '    """Two items are doubled at the same time."""', ""),
        "has no docstring",
    ),
    "a suite that is no Python": (
        change(SUITE, "def test_two_at_once", "def test two_at_once"),
        "test_double_all.py, line ",
    ),
    "scenarios that are no Python": (
        change(f"grader/suites/{EXERCISE}/scenarios.py", "def ", "def def "),
        "scenarios.py, line ",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_suite_that_cannot_judge_stops_it(name: str, kit: Path, run_grader: RunGrader) -> None:
    break_it, said = UNUSABLE[name]
    break_it(kit)
    done = run_grader("verify", "--root", kit)
    assert (done.returncode, said in done.stderr, done.stdout) == (2, True, ""), done.stderr


def test_flaws_that_cannot_be_used_stop_it(kit: Path, run_grader: RunGrader) -> None:
    change(FLAWS, "# test_two_at_once", "# test_three_at_once")(kit)
    done = run_grader("verify", "--root", kit)
    line = (kit / FLAWS).read_text().splitlines().index("== serial: fail") + 1
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"double_all.flaws, line {line}: exercise.toml names no check test_three_at_once" in done.stderr


def test_two_alternatives_are_needed(kit: Path, run_grader: RunGrader) -> None:
    (kit / SOLUTIONS / "alternatives" / "processes.py").unlink()
    done = run_grader("verify", "--root", kit)
    assert (done.returncode, "at least two" in done.stderr) == (2, True), done.stderr


@pytest.mark.slow
def test_only_what_must_pass(kit: Path, run_grader: RunGrader) -> None:
    done = run_grader("verify", "--root", kit, "--right")
    assert (done.returncode, "3 solutions of 1 exercise" in done.stdout) == (0, True), done.stdout


@pytest.mark.slow
def test_one_flawed_solution_for_each_check(kit: Path, run_grader: RunGrader) -> None:
    done = run_grader("verify", "--root", kit, "--sample", "--quick")
    assert (done.returncode, "6 solutions of 1 exercise" in done.stdout) == (0, True), done.stdout


@pytest.mark.slow
def test_what_this_machine_cannot_judge_is_left_out_with_the_reason(tmp_path: Path, run_grader: RunGrader) -> None:
    """A Python without NumPy: no kernel can be launched there."""
    others = [f"python3.{minor}" for minor in range(11, 15) if minor != sys.version_info.minor]
    if not any(_makes_environment(name, tmp_path / "bare") for name in others):
        pytest.skip("there is no second Python without NumPy to make an environment of")
    done = run_grader(
        "verify", "vector_add", "sliding_window", "--right", "--python", tmp_path / "bare" / "bin" / "python"
    )
    assert (done.returncode, "pip install numpy" in done.stdout) == (0, True), done.stdout
    assert "vector_add is left out: " in done.stdout and "of 1 exercise" in done.stdout, done.stdout


def _makes_environment(python: str, folder: Path) -> bool:
    """Whether there is such a Python, which has no NumPy itself."""
    if (
        shutil.which(python) is None
        or subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 0
    ):
        return False
    return subprocess.run([python, "-m", "venv", "--without-pip", folder], capture_output=True).returncode == 0
