"""What a grading run produces, as plain data: the shape of `results.json` (see docs/results.md).

`grader.serialization` is the only way in and out; whatever shows or stores results reads these. Their JSON Schema is
made of them, docstrings included (`grader.schema`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

SCHEMA_VERSION = 2


class Verdict(StrEnum):
    """What was found. Everything but PASS has a sentence saying what was seen."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    DEADLOCK = "deadlock"
    RACE = "race"
    LEAK = "leak"
    SKIPPED = "skipped"
    NOT_MEASURABLE = "not_measurable"
    INFRA = "infra"

    @property
    def counts(self) -> bool:
        """Whether the check's points are part of the maximum: trouble of ours costs the student nothing."""
        return self not in (Verdict.NOT_MEASURABLE, Verdict.INFRA)


class Kind(StrEnum):
    CORRECTNESS = "correctness"
    CONCURRENCY = "concurrency"
    SPEEDUP = "speedup"


if TYPE_CHECKING:
    Measured = float
else:

    class Measured(float):
        """A number that may be infinite, or none: JSON has no such numbers, so these are text there."""


@dataclass(frozen=True, slots=True)
class Span:
    """What ran from `start` to `end` (in the timeline's unit) on one track: a thread, task or process."""

    track: str
    label: str
    start: Measured
    end: Measured
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Spans on a common clock. `unit` says what the clock counts, e.g. "virtual seconds" or "steps"."""

    unit: str
    spans: list[Span] = field(default_factory=list)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the student's file that one actor did, and what came of it.

    `actor` is a position in the interleaving's `actors`. `line` is its number in the file, 0 if the step is no line
    (the end of a thread, say), `code` the line without the blanks before it. `note` says what was read, written,
    taken or waited for; remarks are separated by semicolons.
    """

    actor: int
    line: int
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """What an actor (a position in `actors`) waits for, or does, when nothing goes on any more."""

    actor: int
    what: str


@dataclass(frozen=True, slots=True)
class Interleaving:
    """The order in which actors (threads, tasks) did what they did in one schedule.

    `file` is what the lines of the steps are in. Some `actors` may do nothing. `left_out` steps before these are
    not shown; `waits` is empty unless nothing went on after the last. `token` repeats the schedule: `grader check
    EX --replay TOKEN`; it is empty where the same order does not always lead there.
    """

    file: str
    actors: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    left_out: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class KernelUse:
    """What the launches of a CUDA kernel did to memory.

    `threads` and `barriers` are of all launches and blocks together. `load_sectors` and `store_sectors` (of 32
    bytes, in global memory) and `wavefronts` (in shared memory) are those of a warp's request on average, `lanes`
    how many of 32 took part in it; 0 where there was none. `bytes_moved` are those of all sectors, `bytes_needed`
    what the same accesses need side by side. `pattern` is the most expensive request: for each lane, how many bytes
    it is behind the first. `where` and `space` say in which line and memory (global, shared or constant).
    """

    name: str
    launches: int
    threads: int
    load_sectors: float
    store_sectors: float
    bytes_moved: int
    bytes_needed: int
    wavefronts: float
    lanes: float
    barriers: int
    where: str = ""
    space: str = ""
    pattern: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a student's code has made, the one expected, and their difference: PNG files, in base64.

    `width` and `height` are in pixels; the difference is drawn `gain` times as bright as it is.
    """

    title: str
    width: int
    height: int
    seen: str
    expected: str
    difference: str
    gain: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One judged promise. `message` is one sentence; the three after it say it in full, empty if passed.

    A check that passed has a message only if there is something to say of how thoroughly it was tried.
    `interleaving` is an order of steps in which it fails, where the schedule was controlled; `numbers` are what was
    measured, by name.
    """

    name: str
    title: str
    kind: Kind
    verdict: Verdict
    points: float
    max_points: float
    message: str = ""
    expected: str = ""
    seen: str = ""
    look_at: str = ""
    seed: int = 0
    timeline: Timeline | None = None
    interleaving: Interleaving | None = None
    numbers: dict[str, Measured] = field(default_factory=dict)
    kernels: list[KernelUse] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Trouble with judging, what the reference solution came to in the same place, and what was decided.

    `check` is empty where it was about the whole exercise. `seen` is what the trouble was with the file, `reference` a
    few words on the reference, `decided` the verdict that stands.
    """

    check: str
    seen: str
    reference: str
    decided: Verdict


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """One exercise of one submission; also the whole of `students/<student>/<exercise>.json`.

    `max_score` is without the points of checks that are not_measurable or infra. `message` is a sentence about the
    whole, for instance that the file could not be imported. `sandbox` names the rung it ran in ("" when nothing had
    to run), `device` what CUDA kernels ran on ("" if none). The same `seed` gives the same inputs, and an equal
    `digest` (of source, suite, kit and Python) needs no regrading. `file` is the graded one, as the submission
    names it, `output` what it printed, cut. `judge_cpu_s` is the judge's CPU time beyond the student's own work,
    `own_s` what the file has used of its own time in all its turns: of processors, and while all of it waited.
    `diagnoses` are for the instructor: each time that judging itself was in trouble.
    """

    exercise: str
    verdict: Verdict
    score: float
    max_score: float
    checks: list[Check] = field(default_factory=list)
    message: str = ""
    sandbox: str = ""
    python: str = ""
    device: str = ""
    seed: int = 0
    digest: str = ""
    file: str = ""
    notes: list[str] = field(default_factory=list)
    output: str = ""
    duration_s: float = 0.0
    judge_cpu_s: float = 0.0
    own_s: float = 0.0
    diagnoses: list[Diagnosis] = field(default_factory=list)

    @property
    def in_trouble(self) -> bool:
        """Whether something of it could not be judged for trouble of ours."""
        return Verdict.INFRA in {self.verdict, *(check.verdict for check in self.checks)}


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """What one student handed in. `notes` are remarks of the intake (files ignored, refused and why)."""

    student: str
    exercises: list[ExerciseResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(e.score for e in self.exercises)

    @property
    def max_score(self) -> float:
        return sum(e.max_score for e in self.exercises)


@dataclass(frozen=True, slots=True)
class ClassResults:
    """A whole grading run. Times are ISO 8601 in UTC; `finished` is when it was interrupted, if it was.

    Then `complete` is False. All seeds are made from `seed`. `titles` are the exercises', by name, in teaching
    order.
    """

    kit_version: str
    started: str
    finished: str
    sandbox: str
    python: str
    seed: int
    complete: bool
    titles: dict[str, str] = field(default_factory=dict)
    submissions: list[SubmissionResult] = field(default_factory=list)
    schema_version: int = SCHEMA_VERSION
