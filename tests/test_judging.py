"""A hidden suite is collected once and judges many files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from grader.catalogue import load_catalogue
from grader.errors import InputError
from grader.grading.digest import Digests
from grader.judging.judge import Suite
from grader.results import Verdict
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.sandbox import Sandbox

from .conftest import TINY

SOLUTIONS = TINY / "solutions" / "01_tiny" / "double_all"


def test_each_file_is_judged_by_itself(sandbox: Sandbox) -> None:
    suite = Suite.collect(load_catalogue(TINY).select(["double_all"])[0])
    right, hangs = SOLUTIONS / "double_all.py", SOLUTIONS / "flawed" / "lock_taken_twice.py"
    verdicts = [suite.judge(file.read_bytes(), sandbox, seed=1).verdict for file in (right, hangs, right)]
    assert verdicts == [Verdict.PASS, Verdict.DEADLOCK, Verdict.PASS]


@pytest.fixture
def with_a_given_file(tmp_path: Path) -> Path:
    """A checkout whose exercise hands out a file beside the stub."""
    root = shutil.copytree(TINY, tmp_path / "kit")
    folder = root / "exercises" / "01_tiny" / "double_all"
    (folder / "twice.py").write_text("def twice(f):\n    return f\n")
    about = folder / "exercise.toml"
    about.write_text('given = ["twice.py"]\n' + about.read_text())
    return root


def test_what_is_given_lies_beside_the_file_that_is_judged(with_a_given_file: Path, sandbox: Sandbox) -> None:
    suite = Suite.collect(load_catalogue(with_a_given_file).select(["double_all"])[0])
    right = (SOLUTIONS / "double_all.py").read_bytes()
    assert suite.judge(b"from twice import twice\n" + right, sandbox, seed=1).verdict is Verdict.PASS
    assert suite.judge(b"from thrice import thrice\n" + right, sandbox, seed=1).verdict is Verdict.ERROR


def test_a_result_depends_on_what_is_given(with_a_given_file: Path) -> None:
    exercise = load_catalogue(with_a_given_file).select(["double_all"])[0]
    before = Digests(find_interpreter(), "bwrap").of(exercise, b"")
    (exercise.folder / "twice.py").write_text("def twice(f): ...")
    assert Digests(find_interpreter(), "bwrap").of(exercise, b"") != before


@pytest.mark.parametrize("name", ["once.py", "../double_all/double_all.py", "."])
def test_only_files_beside_the_stub_can_be_given(name: str, with_a_given_file: Path) -> None:
    about = with_a_given_file / "exercises" / "01_tiny" / "double_all" / "exercise.toml"
    about.write_text(about.read_text().replace("twice.py", name))
    with pytest.raises(InputError, match=re.escape(name)):
        load_catalogue(with_a_given_file)
