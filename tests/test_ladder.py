"""A machine that cannot isolate says so, refuses, and can be told to go on all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import TINY
from .test_grade import CLASS, GOLDEN, normalized

NO_NAMESPACES = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'


def run(cwd: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command where the kernel grants no user namespace (inside one that may have none below it)."""
    wrapper = ["unshare", "--user", "--map-root-user", "sh", "-c", NO_NAMESPACES, "sh"]
    if subprocess.run([*wrapper, "true"], capture_output=True).returncode:
        pytest.skip("this machine grants no user namespace to take away")
    command = [*wrapper, sys.executable, "-P", "-m", "grader", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_doctor_says_what_is_missing(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor")
    assert (done.returncode, "no: unshare: No space left on device" in done.stdout) == (3, True), done.stdout


def test_grading_is_refused_with_the_reason(tmp_path: Path) -> None:
    done = run(tmp_path, "grade", CLASS, "--root", TINY, "--out", "out")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "own-namespaces: unshare: No space left on device" in done.stderr
    assert "--accept-reduced-isolation" in done.stderr


def test_reduced_isolation_gives_the_same_verdicts_and_is_named(tmp_path: Path) -> None:
    options = ("--accept-reduced-isolation", "--seed", 7, "--format", "json")
    done = run(tmp_path, "grade", CLASS, "--root", TINY, "--out", "out", *options)
    results = json.loads(done.stdout)
    assert results["sandbox"] == "rlimits-only"
    assert normalized(results) == json.loads(GOLDEN.read_text())
