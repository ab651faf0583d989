"""A schedule that failed can be run again by its token: hidden checks, public tests, and anybody's suite."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.judging.judge import Suite
from grader.proving.solutions import read_solutions
from grader.sandbox.rungs import NAMESPACES
from grader.sandbox.sandbox import Sandbox
from tests.conftest import CHECKOUT, RunGrader
from tests.rungs import usable_rungs

ROOT = CHECKOUT / "tests" / "fixtures" / "scheduled"
CATALOGUE = load_catalogue(ROOT)
EXERCISE = CATALOGUE.select(["counter"])[0]
SOLUTIONS = read_solutions(CATALOGUE, EXERCISE)

TEST = """
from counter import Counter
from grader.player.schedules import together


def test_nothing_is_lost(schedules):
    def scenario():
        counter = Counter()
        together(lambda: counter.add(1), lambda: counter.add(2))
        assert counter.value == 3

    schedules.explore(lambda: None)
    schedules.explore(scenario)


def test_coroutines_too(schedules):
    async def scenario():
        counter = Counter()
        counter.add(1)

    assert schedules.explore(scenario).schedules > 1
"""


@pytest.fixture(scope="module")
def token() -> Iterator[str]:
    """Of a schedule in which the counter without a lock fails its hidden check."""
    usable = usable_rungs()[NAMESPACES]
    if usable.rung.unavailable:
        pytest.skip(usable.rung.unavailable)
    with Sandbox(usable.interpreter, usable.rung) as sandbox:
        result = Suite.collect(EXERCISE).judge(SOLUTIONS.flawed["no_lock"], sandbox, seed=7)
    interleaving = result.checks[0].interleaving
    assert interleaving is not None
    yield interleaving.token


def test_a_hidden_check_is_shown_step_by_step(token: str, tmp_path: Path, run_grader: RunGrader) -> None:
    (tmp_path / "counter.py").write_bytes(SOLUTIONS.flawed["no_lock"])
    done = run_grader("check", "counter", "--root", ROOT, "--replay", token)
    assert (done.returncode, done.stderr) == (1, "")
    for said in ("Nothing is lost (race)", "expected: the sum of all", "thread 1", "thread 2", "self.value is 0"):
        assert said in done.stdout


def test_a_mended_file_goes_well_in_that_schedule(token: str, tmp_path: Path, run_grader: RunGrader) -> None:
    """If it still comes that way at all: otherwise it is said that it does not."""
    (tmp_path / "counter.py").write_bytes(SOLUTIONS.reference)
    done = run_grader("check", "counter", "--root", ROOT, "--replay", token)
    assert "nothing wrong in this schedule" in done.stdout or "does not come this way" in done.stdout


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("test_of_something_else:7:1:0-0x3", "counter has no check 'test_of_something_else'"),
        ("test_nothing_is_lost:7", "is no schedule"),
        ("test_nothing_is_lost:7:1:nonsense", "is no schedule"),
        ("", "counter has no check ''"),
    ],
)
def test_what_is_no_token_is_refused_in_one_sentence(
    broken: str, said: str, tmp_path: Path, run_grader: RunGrader
) -> None:
    (tmp_path / "counter.py").write_bytes(SOLUTIONS.reference)
    done = run_grader("check", "counter", "--root", ROOT, f"--replay={broken or ':'}")
    assert (done.returncode, said in done.stderr, len(done.stderr.splitlines())) == (2, True, 1), done.stderr


def run_pytest(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def test_any_suite_can_use_it(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tmp_path / "test_counter.py").write_text(TEST)
    (tmp_path / "counter.py").write_bytes(SOLUTIONS.flawed["no_lock"])
    failed = run_pytest(tmp_path)
    assert "1 failed, 1 passed" in failed, failed
    assert "AssertionError" in failed and "self.value is 0" in failed
    found = re.search(r"again: pytest --replay-schedule (\S+)", failed)
    assert found is not None
    again = run_pytest(tmp_path, "--replay-schedule", found.group(1))
    assert "1 failed, 1 skipped" in again and found.group(1) in again
    (tmp_path / "counter.py").write_bytes(SOLUTIONS.reference)
    assert "2 passed" in run_pytest(tmp_path)
