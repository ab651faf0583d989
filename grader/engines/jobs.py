"""One unit of grading: one student's file for one exercise."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from grader.results import Check, ExerciseResult, Verdict
from grader.serialization import from_json, to_json


@dataclass(frozen=True, slots=True)
class Job:
    """`key` identifies it within a run; `exercise` is a name in the catalogue at `root`.

    `only`: the one check that is wanted, with what it depends on. `schedules`: how many to explore, where that is not
    what the suite says. Of earlier turns of the same file: `judged` are the checks whose verdict stands, `used_s` is
    what it has used of its own time, in seconds.
    """

    key: str
    exercise: str
    source: bytes
    seed: int
    only: str = ""
    schedules: int = 0
    judged: list[Check] = field(default_factory=list)
    used_s: float = 0.0

    def to_line(self) -> bytes:
        """One line of JSON, as a worker reads it."""
        return json.dumps(to_json(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Job:
        return from_json(cls, json.loads(line))


def unjudged(job: Job, reason: str) -> ExerciseResult:
    """The result of a job that our side failed at: it costs no points and says why."""
    message = f"The kit failed to judge this: {reason}"
    return ExerciseResult(job.exercise, Verdict.INFRA, 0, 0, message=message, seed=job.seed, own_s=job.used_s)
