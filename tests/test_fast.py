"""The tests of `./kit test --fast` are those that start no process, whoever starts it, and nobody keeps a list."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .conftest import CHECKOUT

TESTS = """
import os
import subprocess

import pytest


def start(): subprocess.run(["true"])
def start_and_go_on():
    try: start()
    except Exception: pass
@pytest.fixture
def started(): start()

def test_popen(): start()
def test_popen_whose_failure_is_caught(): start_and_go_on()
def test_popen_of_a_fixture(started): pass
def test_shell(): os.system("true")
def test_fork(): os.fork() or os._exit(0)
def test_none(): pass
"""


def test_what_starts_a_process_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    options = ["-p", "tests.fast", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path), "-q"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert "1 passed, 5 skipped" in done.stdout, done.stdout + done.stderr
