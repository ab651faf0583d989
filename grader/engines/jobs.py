"""One unit of grading: one student's file for one exercise."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from grader.results import ExerciseResult, Verdict


@dataclass(frozen=True, slots=True)
class Job:
    """`key` identifies it within a run; `exercise` is a name in the catalogue at `root`.

    `only`: the one check that is wanted, with what it depends on. `schedules`: how many to explore, where that is not
    what the suite says.
    """

    key: str
    exercise: str
    source: bytes
    seed: int
    only: str = ""
    schedules: int = 0

    def to_line(self) -> bytes:
        """One line of JSON, as a worker reads it."""
        data = {
            "key": self.key,
            "exercise": self.exercise,
            "seed": self.seed,
            "source": base64.b64encode(self.source).decode(),
            "only": self.only,
            "schedules": self.schedules,
        }
        return json.dumps(data).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Job:
        data: dict[str, Any] = json.loads(line)
        return cls(**{**data, "source": base64.b64decode(data["source"])})


def unjudged(job: Job, reason: str) -> ExerciseResult:
    """The result of a job that our side failed at: it costs no points and says why."""
    message = f"The kit failed to judge this: {reason}"
    return ExerciseResult(job.exercise, Verdict.INFRA, 0, 0, message=message, seed=job.seed)
