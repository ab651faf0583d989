"""What a grading run produces, as plain data: the shape of `results.json` (see docs/results.md).

`to_json` and `from_json` are the only two ways in and out; whatever shows or stores results reads these.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1


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


@dataclass(frozen=True, slots=True)
class Span:
    """What ran from `start` to `end` (in the timeline's unit) on one track: a thread, task or process."""

    track: str
    label: str
    start: float
    end: float
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Spans on a common clock. `unit` says what the clock counts, e.g. "virtual seconds" or "steps"."""

    unit: str
    spans: list[Span] = field(default_factory=list)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the student's file that one actor did, and what came of it."""

    actor: int
    line: int
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """What an actor waits for, or does, when nothing goes on any more."""

    actor: int
    what: str


@dataclass(frozen=True, slots=True)
class Interleaving:
    """The order in which actors (threads, tasks) did what they did in one schedule.

    `left_out` steps before these are not shown. `token` repeats the schedule: `grader check EX --replay TOKEN`;
    it is empty where the same order does not always lead there.
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

    `load_sectors` and `store_sectors` (of 32 bytes, in global memory) and `wavefronts` (in shared memory) are those of
    a warp's request on average, `lanes` how many of 32 took part in it; 0 where there was none. `bytes_moved` are those
    of all sectors, `bytes_needed` what the same accesses need side by side. `pattern` is the most expensive request:
    for each lane, how many bytes it is behind the first. `where` and `space` say in which line and memory.
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
    numbers: dict[str, float] = field(default_factory=dict)
    kernels: list[KernelUse] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """One exercise of one submission.

    `sandbox` names the rung it ran in ("" when nothing had to run), `device` what CUDA kernels ran on ("" if none).
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


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """One student's hand-in. `notes` are remarks of the intake (files ignored, refused and why)."""

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
    """A whole grading run; `complete` is False when it was interrupted. Times are ISO 8601 in UTC."""

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


def to_json(value: Any) -> Any:
    """Dataclasses as dicts of JSON types, field order kept, no field left out.

    JSON has no infinity and no NaN: they become the strings "inf", "-inf" and "nan".
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value


T = typing.TypeVar("T")


def from_json(cls: type[T], data: Any) -> T:
    """The inverse of `to_json`. Raises ValueError when `data` is not of the shape of `cls`."""
    try:
        return typing.cast(T, _parse(cls, data))
    except (TypeError, KeyError, AttributeError, OverflowError) as e:
        raise ValueError(f"not a {cls.__name__}: {e}") from e


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _parse(kind: Any, data: Any) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else _parse(next(a for a in args if a is not type(None)), data)
    if origin in (list, dict, tuple):
        return _parse_container(origin, args, data)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{key: _parse(hints[key], item) for key, item in data.items()})
    if kind is float:
        return _parse_float(data)
    return kind(_expect(kind if kind in (bool, int) else str, data))


def _parse_container(origin: type, args: tuple[Any, ...], data: Any) -> Any:
    if origin is dict:
        return {args[0](key): _parse(args[1], item) for key, item in data.items()}
    items = _expect(list, data)
    kinds = args * len(items) if origin is list else args
    return origin(_parse(kind, item) for kind, item in zip(kinds, items, strict=True))


def _parse_float(data: Any) -> float:
    return float(data if data in ("inf", "-inf", "nan") or type(data) is int else _expect(float, data))


def _expect(kind: type, data: Any) -> Any:
    if type(data) is not kind:
        raise TypeError(f"{kind.__name__} expected, {type(data).__name__} found")
    return data
