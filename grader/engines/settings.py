"""Where jobs run: which Python, which rung of the sandbox, which catalogue."""

from __future__ import annotations

from pathlib import Path

from grader.sandbox.interpreter import Interpreter, find_interpreter
from grader.sandbox.ladder import choose_rung
from grader.sandbox.rungs import Rung

from .worker import Settings


def find_settings(
    python: str | None, accept_reduced_isolation: bool, root: Path | None
) -> tuple[Settings, Interpreter, Rung]:
    """What workers are started with: the strongest rung that this machine has is tried for real.

    Raises InputError for a Python that cannot be used, InfrastructureError where nothing isolates.
    """
    interpreter = find_interpreter(python)
    rung = choose_rung(interpreter, accept_reduced_isolation)
    return Settings(interpreter.executable, rung.name, str(root.resolve()) if root else ""), interpreter, rung
