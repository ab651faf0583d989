"""One run of an exercise's public tests over a student's file, in a process of its own, and what came of each test.

The student's code runs as the student, unprotected: it is their own machine and their own code.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from grader.catalogue import Exercise

from . import recorder

_SAID_KEPT = 100_000
# Where these are set, pytest compares whole values line by line: minutes for two lists of a few thousand elements.
_OF_CI = ("CI", "BUILD_NUMBER")


class TestOutcome(Enum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; `function` is empty where the line is none's."""

    line: int
    function: str
    code: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a test or the import ended with. `kind` is failed, not written, missing, syntax or raised.

    `missing` are names the student's file should define and does not; `place` is in that file, `asked` in the tests.
    """

    kind: str
    type: str
    message: str
    missing: list[str]
    place: Place | None
    asked: Place | None


@dataclass(slots=True)
class Test:
    """One public test. `printed` is what it printed if it failed."""

    title: str
    outcome: TestOutcome = TestOutcome.NOT_RUN
    trouble: Trouble | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class PublicRun:
    """`unimportable` says why there are no tests, `skipped` what they need that is not installed; `ended_early` how the
    process ended where it should not have.
    """

    tests: list[Test]
    unimportable: Trouble | None = None
    ended_early: str = ""
    skipped: str = ""

    @property
    def passed(self) -> bool:
        return bool(self.tests) and not self.ended_early and self.count(TestOutcome.PASSED) == len(self.tests)

    def count(self, outcome: TestOutcome) -> int:
        return sum(test.outcome is outcome for test in self.tests)


def run_public_tests(exercise: Exercise, file: Path, replay: str = "") -> PublicRun:
    """Runs them over `file` (absolute), with its folder as the current one and first in line for imports.

    `replay` is the token of the one schedule of one test to run instead.
    """
    with tempfile.TemporaryDirectory(prefix="grader-check-") as scratch:
        results, said = Path(scratch, "results"), Path(scratch, "said")
        tests = exercise.public_tests.resolve()
        command = [sys.executable, "-P", recorder.__file__, str(results), str(file), str(tests), replay]
        command += exercise.interface
        status = _run(command, [file.parent, tests.parent], said)
        events = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
        return _understand(events, status, said.read_text("utf-8", "replace")[-_SAID_KEPT:], file)


def _run(command: list[str], folders: list[Path], said: Path) -> int:
    """The exit status (negative: a signal). Ends whatever the student's code has left running.

    Runs in the first of the folders; modules come from there, else from the others.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if name not in _OF_CI},
        "PYTHONPATH": os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    with said.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folders[0],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait()
        finally:
            _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _understand(events: list[dict[str, Any]], status: int, said: str, file: Path) -> PublicRun:
    """What was not said to be over did not pass: neither an exit status nor anything printed counts as evidence."""
    told: dict[str, list[dict[str, Any]]] = {
        name: [event for event in events if event["event"] == name]
        for name in ("collected", "skipped", "began", "ended", "unimportable", "finished")
    }
    tests = {test["id"]: Test(test["title"]) for event in told["collected"] for test in event["tests"]}
    for event in told["began"]:
        tests[event["test"]].outcome = TestOutcome.FAILED
    for event in told["ended"]:
        _finish(tests[event["test"]], event)
    unimportable = next((_trouble(event["trouble"]) for event in told["unimportable"]), None)
    ended_early = "" if told["finished"] else how_it_ended(status, said, file, bool(events))
    skipped = next((str(event["why"]) for event in told["skipped"]), "")
    return PublicRun(list(tests.values()), unimportable, ended_early, skipped)


def _finish(test: Test, event: dict[str, Any]) -> None:
    test.outcome = TestOutcome.PASSED if event["passed"] else TestOutcome.FAILED
    test.printed = event["printed"]
    test.trouble = _trouble(event["trouble"]) if event["trouble"] else None


def _trouble(about: dict[str, Any]) -> Trouble:
    places = {key: Place(**about[key]) if about[key] else None for key in ("place", "asked")}
    return Trouble(**{**about, **places})


def how_it_ended(status: int, said: str, file: Path, started: bool) -> str:
    """In words, for a process that did not come to the end of its tests."""
    if "Timeout (" in said:
        places = where_it_waits(said, file)
        return "\n".join(["It hung. Its threads were at:", *places] if places else ["It hung."])
    if not started and (hiding := modules_hidden_in(file.parent)):
        return f"{hiding[0]}.py in the same folder hides Python's own module {hiding[0]}: give it another name."
    if status < 0:
        return f"The Python process was ended by signal {signal.Signals(-status).name}."
    if not started and said.strip():
        return f"The tests could not be started: {said.strip().splitlines()[-1]}"
    return f"The code ended the whole Python process (exit status {status}), as os._exit and sys.exit do."


def where_it_waits(said: str, file: Path) -> list[str]:
    """Of each thread in a traceback that faulthandler wrote, the innermost line and the lines of the student's file."""
    dump = said[said.rindex("Timeout (") :]
    threads = []
    for part in re.split(r"^(?:Current thread|Thread) 0x\w+.*$", dump, flags=re.MULTILINE)[1:]:
        frames = re.findall(r'^  File "(.*)", line (\d+) in (\S+)$', part, flags=re.MULTILINE)
        if any(path == str(file) for path, _, _ in frames):
            shown = [f for n, f in enumerate(frames) if n == 0 or f[0] == str(file)]
            threads.append(", called from ".join(f"{Path(p).name} line {line}, in {name}" for p, line, name in shown))
    return threads


def modules_hidden_in(folder: Path) -> list[str]:
    """Files there that would be imported instead of a module of the standard library."""
    return sorted(entry.stem for entry in folder.glob("*.py") if entry.stem in sys.stdlib_module_names)
