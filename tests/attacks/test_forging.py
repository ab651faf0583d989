"""Forged answers fail a check or change nothing. Judged in another process: pytest would rewrite suites' asserts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.catalogue import load_catalogue
from tests.conftest import CHECKOUT


@pytest.mark.slow
@pytest.mark.parametrize("topic", sorted({exercise.topic for exercise in load_catalogue(None).exercises}))
def test_forged_answers_are_no_trouble_of_ours(topic: str) -> None:
    command = [sys.executable, "-m", "tests.attacks.forging", "1", topic]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
