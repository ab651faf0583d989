"""The ways a command stops early: bad input, trouble that is nobody's answer to the exercise, and Ctrl-C."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it from typing, which takes a while to import
if TYPE_CHECKING:
    from grader.results import ClassResults


class InputError(Exception):
    """What the user handed over cannot be used. One sentence naming the file and the fix; exit code 2."""

    exit_code = 2


class InfrastructureError(Exception):
    """The machine, not the input, is the trouble (no isolation, disk full). One sentence; exit code 3."""

    exit_code = 3


class GradingInterruptedError(KeyboardInterrupt):
    """Ctrl-C while a class was judged. `results` hold what was finished, as `results.json` does; exit code 130."""

    exit_code = 130

    def __init__(self, results: ClassResults) -> None:
        super().__init__()
        self.results = results
