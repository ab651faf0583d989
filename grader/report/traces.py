"""Trace files beside the report: one for each check that was not passed and has something to show in time."""

import json
from itertools import chain, count
from pathlib import Path

from grader.atomic import write_atomically
from grader.exports.chrome_trace import trace
from grader.intake.names import result_folder
from grader.results import Check, SubmissionResult, Verdict
from grader.text import clean

FOLDER = "traces"


class Traces:
    """Writes the files to `out/traces/`, under names of which no two are the same, in whatever case."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._taken: set[str] = set()

    def write(self, submission: SubmissionResult, folder: str) -> list[list[str]]:
        """The paths below `out`, for each exercise and check; "" for a check without a trace."""
        return [
            [self._write(check, f"{folder}-{_safe(exercise.exercise)}") for check in exercise.checks]
            for exercise in submission.exercises
        ]

    def _write(self, check: Check, owner: str) -> str:
        if check.verdict is Verdict.PASS or not (check.timeline or check.interleaving):
            return ""
        path = f"{FOLDER}/{self._free(f'{owner}-{_safe(check.name)}')}.json"
        write_atomically(self._out / path, json.dumps(trace(check), allow_nan=False) + "\n")
        return path

    def _free(self, name: str) -> str:
        names = chain([name], (f"{name}-{number}" for number in count(2)))
        found = next(name for name in names if name.casefold() not in self._taken)
        self._taken.add(found.casefold())
        return found


def _safe(name: str) -> str:
    """What a folder of results for somebody of this name would be called."""
    return result_folder(clean(name))
