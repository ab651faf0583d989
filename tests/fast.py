"""What can be known in a minute: `./kit test --fast` runs lint, types, and the tests that start no process.

Which tests these are is written nowhere. As a plugin of pytest (`-p tests.fast`), this skips a test at the moment it
starts a process, so no player, no compiler and no `grader` of its own is ever waited for.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Sequence

import pytest

_STEPS = (
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy", "--no-error-summary"),
    (
        "pytest",
        "-q",
        "-rfE",
        "-p",
        "tests.fast",
        "-m",
        "not slow",
        "-n",
        "2",
        "--dist",
        "worksteal",
        "--durations",
        "5",
    ),
)
_STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system")
_testing = False


def main(arguments: Sequence[str]) -> int:
    """Every step, also after one has failed; `arguments` are for pytest. Returns 1 if one has failed."""
    failed = [step for step in _STEPS if _run(step, arguments if step[0] == "pytest" else ())]
    return 1 if failed else 0


def _run(step: Sequence[str], more: Sequence[str]) -> int:
    print(f"--- {step[0]}", flush=True)
    return subprocess.run([sys.executable, "-m", *step, *more]).returncode


def pytest_configure() -> None:
    sys.addaudithook(_skip_who_starts_a_process)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    global _testing  # noqa: PLW0603 - an audit hook cannot be taken away again
    _testing = True
    try:
        return (yield)
    finally:
        _testing = False


def _skip_who_starts_a_process(event: str, _: object) -> None:
    if _testing and event in _STARTS:
        pytest.skip("starts a process")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
