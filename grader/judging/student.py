"""The `student` of a hidden check: a fresh player with the student's module loaded, asked to run scenarios."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.evidence.observation import Observation
from grader.evidence.policies import AtOnce
from grader.sandbox.limits import Limits
from grader.sandbox.outcomes import MissingNamesError, StudentRaisedError
from grader.sandbox.player import Player
from grader.sandbox.sandbox import Sandbox
from grader.text import clean


@dataclass(frozen=True, slots=True)
class Submission:
    """What is judged: `<module>.py` in `folder`, which must define `interface`, played by `scenarios` (source text)."""

    folder: Path
    module: str
    interface: list[str]
    scenarios: str
    limits: Limits


class Student:
    """Close it when done."""

    def __init__(self, sandbox: Sandbox, submission: Submission) -> None:
        self._sandbox, self._submission = sandbox, submission
        self._player: Player | None = None
        self.output = ""

    def load(self) -> None:
        """Starts the player and imports the module.

        Raises StudentRaisedError, PlayerEndedError or MissingNamesError if that fails.
        """
        about = self._submission
        self._player = self._sandbox.player(about.folder, about.limits)
        reply = self._player.load(about.scenarios, about.module)
        if reply.raised is not None:
            raise StudentRaisedError(reply.raised)
        defined = [name for name in reply.value if type(name) is str] if type(reply.value) is list else []
        missing = [name for name in about.interface if name not in defined]
        if missing:
            raise MissingNamesError(_missing(about.module, missing, defined))

    def run(self, scenario: str, calls: Any = None, sample_cpu: bool = False, **inputs: Any) -> Observation:
        """Runs a scenario function with plain-data `inputs`; `calls` is the policy that answers its callbacks.

        Raises PlayerEndedError when the run does not come to an end of its own.
        """
        if self._player is None:
            self.load()
        assert self._player is not None
        policy = calls or AtOnce({})
        reply = self._player.run(scenario, inputs, policy, sample_cpu)
        return Observation(reply, policy.unit, policy.now)

    def close(self) -> None:
        if self._player is not None:
            self.output = bytes(self._player.output).decode("utf-8", "replace")
            self._player.close()
            self._player = None


def _missing(module: str, missing: list[str], defined: list[str]) -> str:
    close = [match for name in missing for match in difflib.get_close_matches(name, defined, 1)]
    also = f"; it defines {clean(', '.join(close), 200)}" if close else ""
    return f"{module}.py does not define {', '.join(missing)}{also}. Names must be exactly as in the statement."
