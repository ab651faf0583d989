"""Running one schedule of one check again: a hidden check of an installation that has the suites, or a public test."""

from __future__ import annotations

import ast
from pathlib import Path

from grader.catalogue import Exercise
from grader.checking.public_tests import PublicRun, run_public_tests
from grader.errors import InputError
from grader.results import Check


def replay(exercise: Exercise, file: Path, token: str) -> Check | PublicRun:
    """What comes of it. Raises InputError for a token that is none, or of another exercise, and InfrastructureError."""
    name = token.partition(":")[0]
    if name in _functions(exercise.public_tests):
        return run_public_tests(exercise, file, token)
    if name not in exercise.checks:
        raise InputError(f"{exercise.name} has no check {name!r}; the token must be copied whole from its report.")
    if not exercise.hidden_tests.is_file():
        raise InputError(
            f"{name!r} is a hidden check of {exercise.name}, not installed here; ask who graded it to run this."
        )
    return _replay_hidden(exercise, file, token)


def _functions(file: Path) -> set[str]:
    return {node.name for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def _replay_hidden(exercise: Exercise, file: Path, token: str) -> Check:
    from grader.judging.judge import Suite  # noqa: PLC0415 - the sandbox is not needed for public tests, nor is it everywhere
    from grader.sandbox.interpreter import find_interpreter  # noqa: PLC0415
    from grader.sandbox.ladder import choose_rung  # noqa: PLC0415
    from grader.sandbox.sandbox import Sandbox  # noqa: PLC0415

    interpreter = find_interpreter(None)
    rung = choose_rung(interpreter, accept_reduced=True)  # it is one's own code on one's own machine
    with Sandbox(interpreter, rung) as sandbox:
        try:
            check = Suite.collect(exercise).replay(file.read_bytes(), sandbox, token)
        except ValueError as e:
            raise InputError(f"{token} is no schedule ({e}); it must be copied whole from the report.") from e
    if check is None:
        raise InputError(f"The hidden suite of {exercise.name} could not be run for {token}.")
    return check
