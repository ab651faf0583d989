"""The rungs of this machine, each with a Python that can be used on it: one in root's home is out of others' reach."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache

from grader.errors import InputError
from grader.sandbox.interpreter import Interpreter, find_interpreter
from grader.sandbox.ladder import probe_ladder
from grader.sandbox.rungs import RUNGS, Rung


@dataclass(frozen=True)
class Usable:
    """`rung.unavailable` says why, where nothing helps."""

    rung: Rung
    interpreter: Interpreter


@cache
def usable_rungs() -> dict[str, Usable]:
    """By name, strongest first."""
    found: dict[str, Usable] = {}
    for interpreter in _interpreters():
        for rung in probe_ladder(interpreter):
            if rung.name not in found or (found[rung.name].rung.unavailable and not rung.unavailable):
                found[rung.name] = Usable(rung, interpreter)
    return {name: found[name] for name in RUNGS}


def _interpreters() -> list[Interpreter]:
    """Ours, and the system's own where that is new enough."""
    systems_own = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    try:
        return [find_interpreter(), *([find_interpreter(systems_own)] if systems_own else [])]
    except InputError:
        return [find_interpreter()]
