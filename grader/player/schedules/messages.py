"""What the judge asks of an exploration, and what a player tells of it. (What is told is parsed by `evidence.told`.)"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypedDict, final

MOST_PREEMPTIONS = 2  # with so many all schedules are tried, where there is time
# What is told of one schedule is no longer than this: rows of an interleaving, and the parts of a row; places, errors.
MOST_ROWS, MOST_CODE, MOST_NOTES, MOST_NAME = 120, 200, 400, 40
MOST_WAIT, MOST_WHAT, MOST_PLACE = 300, 300, 200
MOST_PLACES, MOST_DIED = 5, 3


class Ending(Enum):
    """How a schedule came to its end, when not by the end of its main function."""

    DEADLOCK = "deadlock"
    LIVELOCK = "livelock"
    MISUSE = "misuse"  # the student's code interfered with the scheduler
    DIVERGED = "diverged"  # a replay took another way than the original
    INTERNAL = "internal"  # trouble of ours


@dataclass(frozen=True)
class Plan:
    """What to try. `replay` is the token of the one schedule to run instead."""

    seed: int = 0
    schedules: int = 800
    sleeps_end_early: bool = False
    replay: str = ""


@final
class ToldEnding(TypedDict):
    """Of a schedule in which the scenario did not come to its end: the value of an `Ending`, and the details."""

    ended: str
    what: str


class _AlwaysTold(TypedDict):
    tasks: int
    never_awaited: int
    threads: int
    blocked: list[str]
    makespan: float  # virtual seconds
    died: list[dict[str, Any]]  # errors of other threads, as `wire.describe_exception` has them


@final
class ToldScenario(_AlwaysTold, total=False):
    """Of a schedule in which it did: what is left, and one of these."""

    value: Any  # as `wire.encode` has it
    too_big: str
    exception: dict[str, Any]  # as `wire.describe_exception` has it


ToldOutcome = ToldEnding | ToldScenario


class ToldInterleaving(TypedDict):
    """Who did what in which order: the actors' names; rows of [actor, line, code, notes]; and at the end, rows of
    [actor, what it waits for]. `left_out` rows came before.
    """

    actors: list[str]
    rows: list[list[Any]]
    waits: list[list[Any]]
    left_out: int


class ToldStop(TypedDict):
    """Of the schedule that an exploration stopped at, as the listener had enough.

    `token` runs it again; `plain`: whether it was the first one, in which nobody is interrupted; `reproduced`: whether
    the same order had the same outcome again. Where it had not, there is no token.
    """

    token: str
    plain: bool
    reproduced: bool
    interleaving: ToldInterleaving


class ToldExploration(TypedDict):
    """Of all: schedules and steps that were run, and how many outcomes the listener was told.

    `covered`: with how many preemptions all schedules were tried; -1 if not even all without.
    """

    schedules: int
    covered: int
    steps: int
    told: int
    stopped: ToldStop | None
