"""Public tests pass on what is right, and fail on the stub."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.checking.public_tests import TestOutcome, run_public_tests

from .cases import Case


def troubles(cases: Sequence[Case], workers: int) -> Generator[str, None, None]:
    """Of each case, in their order, what the public tests should not have said of it; empty if nothing."""
    with ThreadPoolExecutor(workers) as threads:
        yield from threads.map(_trouble, cases)


def _trouble(case: Case) -> str:
    exercise = case.exercise
    with TemporaryDirectory(prefix="grader-verify-") as folder:
        for name, content in {
            **{given.name: given.read_bytes() for given in exercise.given_files},
            exercise.stub.name: case.source,
        }.items():
            Path(folder, name).write_bytes(content)
        run = run_public_tests(exercise, Path(folder).resolve() / exercise.stub.name)
    if run.passed is case.must_pass:
        return ""
    failed = [test.title for test in run.tests if test.outcome is TestOutcome.FAILED]
    why = ", ".join(failed) or run.ended_early or "they could not be run"
    return f"{case.name} {'fails' if case.must_pass else 'passes'} the public tests" + (
        f": {why}" if case.must_pass else ""
    )
