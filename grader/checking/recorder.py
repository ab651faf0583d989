"""Runs beside the student's code: pytest over one file of public tests, each event a line of JSON in a file.

    python -P recorder.py RESULTS STUDENT_FILE TESTS TOKEN NAME...

TOKEN is that of the one schedule to run again, or empty. The names are those the student's file must define. Imports
nothing of the kit but its pytest plugin, and nothing slow: multiprocessing imports this file again in every process the
student starts.
"""

from __future__ import annotations

import faulthandler
import json
import linecache
import os
import sys
import traceback
from pathlib import Path
from typing import Any

PATIENCE_S = 30  # with the import, and with each test: then the process ends and says where its threads wait
_KEPT = 4000
_UNNEEDED = ("cacheprovider", "threadexception", "unraisableexception", "junitxml", "doctest", "stepwise")


class TestRecorder:
    """A pytest plugin. `file` is the student's, which must define `interface`."""

    def __init__(self, results: Path, file: Path, tests: Path, interface: list[str]) -> None:
        self._results, self._process = results.open("a", encoding="ascii"), os.getpid()
        self._file, self._tests, self._interface = file, tests, interface
        self._forget()

    def _forget(self) -> None:
        self._passed, self._printed = False, ""
        self._trouble: dict[str, Any] | None = None

    def say(self, event: str, **about: Any) -> None:
        if os.getpid() != self._process:
            return  # a fork of the student's that came back from the test
        self._results.write(json.dumps({"event": event, **about}) + "\n")
        self._results.flush()

    def pytest_collection_finish(self, session: Any) -> None:
        faulthandler.cancel_dump_traceback_later()
        self.say("collected", tests=[{"id": item.nodeid, "title": _title(item)} for item in session.items])

    def pytest_collectreport(self, report: Any) -> None:
        if report.skipped:
            self.say("skipped", why=str(report.longrepr[2]).removeprefix("Skipped: ")[:_KEPT])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._forget()
        self.say("began", test=nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call":
            self._passed = report.passed
        elif report.failed:
            self._passed = False
        if report.failed:
            self._printed = (report.capstdout + report.capstderr)[-_KEPT:]

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        trouble = self._describe(call.excinfo.value)
        if call.when == "collect":
            self.say("unimportable", trouble=trouble)
        self._trouble = self._trouble or trouble

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.say("ended", test=nodeid, passed=self._passed, printed=self._printed, trouble=self._trouble)

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """What was raised, at which line of the student's, and which line of the test had called."""
        if type(error).__name__ == "CollectError" and error.__cause__ is not None:
            error = error.__cause__
        return {
            "kind": self._kind(error),
            "type": type(error).__name__,
            "message": _text(error)[:_KEPT],
            "missing": self._missing(),
            "place": self._place(error),
            "asked": self._asked(error),
        }

    def _kind(self, error: BaseException) -> str:
        if isinstance(error, SyntaxError) and error.filename == str(self._file):
            return "syntax"
        if isinstance(error, ImportError) and self._missing():
            return "missing"
        if isinstance(error, NotImplementedError):
            return "not written"
        return "failed" if isinstance(error, AssertionError) or type(error).__name__ == "Failed" else "raised"

    def _place(self, error: BaseException) -> dict[str, Any] | None:
        """The innermost line of the student's file."""
        if isinstance(error, SyntaxError) and error.filename == str(self._file):
            return _line(self._file, error.lineno or 0, "")
        own = [
            _line(self._file, line, frame.f_code.co_name)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename == str(self._file)
        ]
        return own[-1] if own else None

    def _asked(self, error: BaseException) -> dict[str, Any] | None:
        """The innermost line of the test proper (not of a helper), before the student's code came in."""
        asked = None
        for frame, line in traceback.walk_tb(error.__traceback__):
            code = frame.f_code
            if code.co_filename == str(self._file):
                break
            if code.co_filename == str(self._tests) and code.co_qualname.startswith("test_"):
                asked = _line(self._tests, line, code.co_name)
        return asked

    def _missing(self) -> list[str]:
        """Names the student's file does not define, where it was imported at all."""
        module = sys.modules.get(self._file.stem)
        return [] if module is None else [name for name in self._interface if not hasattr(module, name)]


def _line(file: Path, number: int, function: str) -> dict[str, Any]:
    return {"line": number, "function": function, "code": linecache.getline(str(file), number).strip()}


def _title(item: Any) -> str:
    """The docstring's first line, or the name as words."""
    doc = (item.function.__doc__ or "").strip()
    words = doc.splitlines()[0].rstrip(".") if doc else item.originalname.removeprefix("test_").replace("_", " ")
    case = f" [{item.callspec.id}]" if hasattr(item, "callspec") else ""
    return words[:1].upper() + words[1:] + case


def _text(error: BaseException) -> str:
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:
        return "<the exception's own __str__ failed>"


def main(results: str, file: str, tests: str, replayed: str, *interface: str) -> int:
    import pytest  # noqa: PLC0415 - not in the processes the student starts

    replay = ["--replay-schedule", replayed, "-k", replayed.partition(":")[0]] if replayed else []

    recorder = TestRecorder(Path(results), Path(file), Path(tests), list(interface))
    recorder.say("started")
    faulthandler.dump_traceback_later(PATIENCE_S, exit=True, file=os.dup(2))
    options = [
        "-p",
        "grader.pytest_plugin",
        *replay,
        "--import-mode=importlib",
        "-c",
        os.devnull,
        "-o",
        f"faulthandler_timeout={PATIENCE_S}",
        "-o",
        "faulthandler_exit_on_timeout=true",
        f"--rootdir={Path(tests).parent}",
    ]
    options += [word for name in _UNNEEDED for word in ("-p", f"no:{name}")]
    status = int(pytest.main([*options, tests], plugins=[recorder]))
    recorder.say("finished", status=status)
    return status


if __name__ == "__main__":
    ended_with = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(ended_with)  # threads the student left waiting would keep the interpreter from ending
