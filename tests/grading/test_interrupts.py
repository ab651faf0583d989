"""Ctrl-C at any moment, once or twice: one sentence, exit code 130, and what was finished is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, TINY

CLASS = CHECKOUT / "tests" / "fixtures" / "tiny_class"
# Stands in for a module whose import takes its time.
SLOW_MODULE = "import pathlib, signal\npathlib.Path({reached!r}).touch()\nsignal.pause()\n"
# Stands in for a Python that takes its time to become the zygote with which the rungs are tried.
SLOW_PYTHON = """#!{python}
import os, pathlib, subprocess, sys
if "-c" in sys.argv:
    answer = subprocess.check_output([{python!r}, *sys.argv[1:]], text=True)
    print(answer.replace(os.path.realpath({python!r}), os.path.abspath(sys.argv[0])))
else:
    pathlib.Path({reached!r}).touch()
    os.read(int(sys.argv[-2]), 1)
"""
# Is run by every Python before anything else: workers take their time.
SLOW_WORKER = """
import pathlib, signal, sys
if "grader.engines.worker" in sys.orig_argv:
    pathlib.Path({reached!r}).touch()
    signal.pause()
"""


@pytest.fixture
def reached(tmp_path: Path) -> Path:
    """A file that is there once the moment has come."""
    return tmp_path / "reached"


def start(tmp_path: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "grader", "grade", str(CLASS), "--root", str(TINY), "--out", "out", *options]
    return subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_ignore_nothing,  # noqa: PLW1509
    )


def _ignore_nothing() -> None:
    """As in a terminal, also where the tests run in a background that ignores some."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def interrupt(grading: subprocess.Popen[str], reached: Path, times: int, number: int = signal.SIGINT) -> str:
    """Returns what it says to that."""
    while not reached.exists() and grading.poll() is None:
        os.sched_yield()
    for _ in range(times):
        grading.send_signal(number)
    _, said = grading.communicate()
    assert (grading.returncode, said.count("\n")) == (130, 1), said
    return said


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("module", ["argparse", "rich", "pytest"])
def test_while_modules_are_imported(module: str, times: int, tmp_path: Path, reached: Path) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / f"{module}.py").write_text(SLOW_MODULE.format(reached=str(reached)))
    said = interrupt(start(tmp_path, PYTHONPATH=str(tmp_path / "slow")), reached, times)
    assert said.endswith("interrupted.\n")
    assert not (tmp_path / "out").exists()


def slow_python(tmp_path: Path, reached: Path) -> str:
    file = tmp_path / "python"
    file.write_text(SLOW_PYTHON.format(python=sys.executable, reached=str(reached)))
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize("times", [1, 2])
def test_while_the_rungs_are_tried(times: int, tmp_path: Path, reached: Path) -> None:
    grading = start(tmp_path, "--python", slow_python(tmp_path, reached))
    assert "--resume" in interrupt(grading, reached, times)
    assert_published(tmp_path / "out", with_results=0)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=str)
def test_while_workers_start(number: int, times: int, tmp_path: Path, reached: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_WORKER.format(reached=str(reached)))
    grading = start(tmp_path, PYTHONPATH=str(tmp_path))
    assert "--resume" in interrupt(grading, reached, times, number)
    assert_published(tmp_path / "out", with_results=1)  # of who handed in nothing


def assert_published(out: Path, with_results: int) -> None:
    results = json.loads((out / "results.json").read_text())
    found = [submission for submission in results["submissions"] if submission["exercises"]]
    assert (results["complete"], len(results["submissions"]), len(found)) == (False, 6, with_results)
    assert (out / "report" / "index.html").exists()


def test_results_from_before_outlive_an_interrupted_start(tmp_path: Path, reached: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.json").write_text("from before")
    grading = start(tmp_path, "--resume", "--python", slow_python(tmp_path, reached))
    assert interrupt(grading, reached, 1).endswith("interrupted.\n")
    assert (tmp_path / "out" / "results.json").read_text() == "from before"


def test_an_interrupt_that_is_to_be_ignored_is_ignored(tmp_path: Path) -> None:
    """As in a job in a shell's background."""
    command = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from grader.__main__ import main; main()"
    ask = f"{command}; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.endswith("True\n"), done.stderr
