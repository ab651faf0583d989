"""Runs beside the student's code: pytest over one file of public tests, each event a line of JSON in a file.

    python -P recorder.py RESULTS STUDENT_FILE TESTS NAME...

The names are those the student's file must define. Imports nothing of the kit, and nothing slow: multiprocessing imports
this file again in every process the student starts.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

IMPORT_PATIENCE_S = 30  # only against an import that never ends; the tests have a guard of their own
_KEPT = 4000
_UNNEEDED = ("cacheprovider", "threadexception", "unraisableexception", "junitxml", "doctest", "stepwise")


class Recorder:
    """A pytest plugin. `file` is the student's, which must define `interface`."""

    def __init__(self, results: Path, file: Path, tests: Path, interface: list[str]) -> None:
        self._results = results.open("a", encoding="ascii")
        self._file, self._tests, self._interface = file, tests, interface

    def say(self, event: str, **about: Any) -> None:
        self._results.write(json.dumps({"event": event, **about}) + "\n")
        self._results.flush()

    def pytest_collection_finish(self, session: Any) -> None:
        faulthandler.cancel_dump_traceback_later()
        self.say("collected", tests=[{"id": item.nodeid, "title": _title(item)} for item in session.items])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.say("started", test=nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        printed = (report.capstdout + report.capstderr)[-_KEPT:] if report.failed else ""
        self.say("phase", test=report.nodeid, phase=report.when, outcome=report.outcome, printed=printed)

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        self.say("trouble", test=node.nodeid, **self._describe(call.excinfo.value))

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """What was raised, and the innermost lines of the student's file and of the tests it came through."""
        if type(error).__name__ == "CollectError" and error.__cause__ is not None:
            error = error.__cause__
        return {
            "type": type(error).__name__,
            "message": _text(error)[:_KEPT],
            "failed": isinstance(error, AssertionError) or type(error).__name__ == "Failed",
            "not_written": isinstance(error, NotImplementedError),
            "missing": self._missing() if isinstance(error, ImportError) else [],
            "syntax": isinstance(error, SyntaxError) and error.filename == str(self._file),
            "place": self._place_in(self._file, error),
            "asked": self._place_in(self._tests, error),
        }

    def _missing(self) -> list[str]:
        """Names the student's file does not define, where it was imported at all."""
        module = sys.modules.get(self._file.stem)
        return [] if module is None else [name for name in self._interface if not hasattr(module, name)]

    def _place_in(self, file: Path, error: BaseException) -> dict[str, Any] | None:
        if isinstance(error, SyntaxError) and error.filename == str(file):
            return {"line": error.lineno, "function": "", "code": (error.text or "").strip()}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        if not frames:
            return None
        return {"line": frames[-1].lineno, "function": frames[-1].name, "code": frames[-1].line or ""}


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


def main(results: str, file: str, tests: str, *interface: str) -> int:
    import pytest  # noqa: PLC0415 - not in the processes the student starts

    recorder = Recorder(Path(results), Path(file), Path(tests), list(interface))
    faulthandler.dump_traceback_later(IMPORT_PATIENCE_S, exit=True, file=os.dup(2))
    options = ["--import-mode=importlib", "-c", os.devnull, f"--rootdir={Path(tests).parent}"]
    options += [word for name in _UNNEEDED for word in ("-p", f"no:{name}")]
    status = int(pytest.main([*options, tests], plugins=[recorder]))
    recorder.say("finished", status=status)
    return status


if __name__ == "__main__":
    ended_with = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(ended_with)  # threads the student left waiting would keep the interpreter from ending
