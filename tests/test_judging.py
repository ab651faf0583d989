"""A hidden suite is collected once and judges many files."""

from __future__ import annotations

from grader.catalogue import load_catalogue
from grader.judging.judge import Suite
from grader.results import Verdict
from grader.sandbox.sandbox import Sandbox

from .conftest import TINY

SOLUTIONS = TINY / "solutions" / "01_tiny" / "double_all"


def test_each_file_is_judged_by_itself(sandbox: Sandbox) -> None:
    suite = Suite.collect(load_catalogue(TINY).select(["double_all"])[0])
    right, hangs = SOLUTIONS / "double_all.py", SOLUTIONS / "flawed" / "lock_taken_twice.py"
    verdicts = [suite.judge(file.read_bytes(), sandbox, seed=1).verdict for file in (right, hangs, right)]
    assert verdicts == [Verdict.PASS, Verdict.DEADLOCK, Verdict.PASS]
