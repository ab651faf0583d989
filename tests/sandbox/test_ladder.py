"""A machine that lacks a rung takes the next; one that cannot isolate says so, refuses, and can be told to go on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_grade import CLASS, GOLDEN, normalized
from tests.conftest import CHECKOUT, TINY
from tests.without import IMPOSSIBLE

GRADE = ("grade", CLASS, "--root", TINY, "--out")
JSON = ("--seed", 7, "--format", "json")


def run(lacking: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command where the kernel lacks something."""
    return run_python(lacking, "-P", "-m", "grader", *arguments)


def run_python(lacking: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    words = ["-m", "tests.without", lacking, sys.executable, *arguments]
    done = subprocess.run([sys.executable, *map(str, words)], cwd=CHECKOUT, capture_output=True, text=True)
    if done.returncode == IMPOSSIBLE:
        pytest.skip(f"this machine lets nobody take away its {lacking}")
    return done


def test_doctor_says_what_is_missing() -> None:
    done = run("namespaces,landlock", "doctor")
    assert done.returncode == 3
    assert "no: unshare: No space left on device" in done.stdout
    assert "no: this kernel has no Landlock" in done.stdout


def test_grading_is_refused_with_the_reason(tmp_path: Path) -> None:
    done = run("namespaces,landlock", *GRADE, tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "own-namespaces: unshare: No space left on device; landlock: this kernel has no Landlock" in done.stderr
    assert "--accept-reduced-isolation" in done.stderr


def test_reduced_isolation_gives_the_same_verdicts_and_is_named_loudly(tmp_path: Path) -> None:
    done = run("namespaces,landlock", *GRADE, tmp_path / "out", "--accept-reduced-isolation", *JSON)
    results = json.loads(done.stdout)
    assert results["sandbox"] == "rlimits-only"
    assert "not isolated" in done.stderr
    assert normalized(results) == json.loads(GOLDEN.read_text())


def test_without_namespaces_landlock_takes_over_with_the_same_verdicts(tmp_path: Path) -> None:
    done = run("namespaces", *GRADE, tmp_path / "out", *JSON)
    if "Landlock" in done.stderr:
        pytest.skip(done.stderr)
    results = json.loads(done.stdout)
    assert (results["sandbox"], done.stderr) == ("landlock", "")
    assert normalized(results) == json.loads(GOLDEN.read_text())
