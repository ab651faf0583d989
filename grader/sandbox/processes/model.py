"""What is said of processes, whatever the system."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class TaskState(Enum):
    """How a task is placed: on a processor or in line for one, waiting for others, or for time to pass as well."""

    RUNNABLE = "runnable"
    PARKED = "parked"
    PARKED_WITH_TIMEOUT = "parked with a time-out"
    SLEEPING = "sleeping"


@dataclass(frozen=True, slots=True)
class Task:
    """One thread of one process. `switches` grows each time it gives up its processor to wait, not when it must."""

    pid: int
    tid: int
    wait: TaskState
    switches: int


@dataclass(frozen=True, slots=True)
class Reader:
    """A thread that waits for something to come from a socket, for as long as it takes; `socket` is its inode."""

    tid: int
    socket: int
    times_run: int


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Seconds that a process, ended threads included, has spent on a processor (`used`), and that the children it has
    waited for had (`waited_for`). `wants` says whether it has a processor or is in line for one."""

    used: float
    waited_for: float
    parent: int
    wants: bool


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a process has at one moment, and what it has done until then.

    `children`: every process below it, ended ones that nobody has waited for included. `descriptors`: how many it has
    open. `segments`: names of shared memory that its user has made, None where others may have made them.
    `shared_bytes`: memory that it can share. `written_bytes`: what it has written, and the children that it has waited
    for, pipes included.
    """

    children: frozenset[int]
    descriptors: int
    segments: frozenset[str] | None
    shared_bytes: int
    written_bytes: int
    cpu_s: float
