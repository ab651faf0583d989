"""Which compiler is found, by the kit and inside the sandbox, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cuda.compiler import CompilerMissingError, find_compiler_of_players
from grader.sandbox.interpreter import find_interpreter
from grader.sandbox.packages import PackageMissingError
from grader.sandbox.sandbox import Sandbox
from tests.rungs import usable_rungs


def test_players_without_a_compiler_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(CompilerMissingError, match=r"apt-get install g\+\+"):
        find_compiler_of_players(str(tmp_path))


def test_what_players_cannot_have_is_said_before_they_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.packages.PATH", str(tmp_path))
    rung = next(iter(usable_rungs().values())).rung
    with Sandbox(find_interpreter(), rung) as sandbox, pytest.raises(PackageMissingError, match="needs a C"):
        sandbox.player(tmp_path, packages=frozenset(["pycuda"]))
