"""What can be known in a minute: `./kit test --fast` runs lint, types, and the tests that start no process.

Which tests these are is written nowhere. As a plugin of pytest (`-p tests.fast`), this skips a test at the moment it
starts a process, so no player, no compiler and no `grader` of its own is ever waited for.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Sequence
from typing import Any

import pytest

_CHECKS = (("ruff", "check", "--quiet"), ("ruff", "format", "--check", "--quiet"), ("mypy", "--no-error-summary"))
_TESTS = ("pytest", "-q", "-rfE", "-p", "tests.fast", "-m", "not slow", "-n", "2", "--dist", "worksteal")
_STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system")
_testing = False


def main(arguments: Sequence[str]) -> int:
    """The checks, and beside them the tests, to which the arguments go. Returns 1 if any has found something."""
    checks = [_start(check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for check in _CHECKS]
    tests = _start([*_TESTS, "--durations", "5", *arguments])
    try:
        found = [tests.wait() != 0, *map(_finds_something, checks)]
    except KeyboardInterrupt:
        return 130
    return 1 if any(found) else 0


def _start(step: Sequence[str], **where: Any) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", *step], text=True, **where)


def _finds_something(check: subprocess.Popen[str]) -> bool:
    said, _ = check.communicate()
    print(said, end="")
    return check.returncode != 0


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
