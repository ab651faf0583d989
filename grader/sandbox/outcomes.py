"""How a request to a player can end other than with an answer."""

from __future__ import annotations

from grader.player.wire import RemoteException
from grader.results import Verdict
from grader.text import clean


class PlayerEndedError(Exception):
    """The run was over before it answered; `verdict` and the text say how. The player is gone.

    `outside`: whether a thread waited for good for something that is no lock of Python's.
    """

    def __init__(self, verdict: Verdict, seen: str, look_at: str = "", *, outside: bool = False) -> None:
        super().__init__(seen)
        self.verdict, self.seen, self.look_at, self.outside = verdict, seen, look_at, outside


class StudentRaisedError(Exception):
    """The student's code raised, and the check had not asked for that."""

    def __init__(self, raised: RemoteException) -> None:
        super().__init__(describe(raised))
        self.raised = raised


class MissingNamesError(Exception):
    """The student's file lacks names that the exercise asks for."""


def describe(raised: RemoteException) -> str:
    """`ValueError: text`, bounded and printable."""
    return clean(repr(raised), 400)


def place(raised: RemoteException, file: str) -> str:
    """Where in the student's file it happened, the innermost place; empty if it did not happen there."""
    found = [(line, function) for name, line, function in raised.places if name == file]
    if not found:
        return ""
    line, function = found[-1]
    return f"line {line} of {file}" + ("" if function == "<module>" else f", in {clean(function, 60)}")
