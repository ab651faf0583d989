"""A package that an exercise asks for can be imported wherever student code runs, and nothing that lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.evidence import AtOnce
from grader.sandbox.rungs import LANDLOCK
from grader.sandbox.sandbox import Sandbox

SOURCE = """
from multiprocessing import get_context

def found(name):
    try:
        return __import__(name).__name__
    except ImportError:
        return None

def in_a_new_interpreter(name):
    with get_context("{method}").Pool(1) as pool:
        return pool.apply(found, [name])
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_packages_are_there_in_processes_of_the_students(method: str, sandbox: Sandbox, submission: Path) -> None:
    numpy = pytest.importorskip("numpy")
    private = any(not folder.stat().st_mode & 0o001 for folder in Path(numpy.__file__).parents)
    if private and sandbox.rung.name == LANDLOCK and method != "fork":
        pytest.skip("NumPy is installed where the player's user may not go, and this rung shows it nowhere else")
    (submission / "student.py").write_text(SOURCE.replace("{method}", method))
    scenario = "def call(student, name): return student.in_a_new_interpreter(name)"
    with sandbox.player(submission, packages=frozenset({"numpy"})) as player:
        player.load(scenario, "student")
        told = [player.run("call", {"name": name}, AtOnce({})).value for name in ("numpy", "pytest", "grader.judging")]
    assert told == ["numpy", None, None]
