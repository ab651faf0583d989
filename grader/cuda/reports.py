"""What the checked build has to tell about a launch, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MOST_LAUNCHES = 20  # of one call that is recorded: what it takes to run them again has to cross the wire


class FindingKind(StrEnum):
    """What can be wrong with a kernel, in the order of the runtime's own numbers."""

    RACE_IN_BLOCK = "race within a block"
    RACE_ACROSS_BLOCKS = "race across blocks"
    OUT_OF_BOUNDS = "out of bounds"
    INDEX_OUT_OF_RANGE = "index out of range"
    UNINITIALISED_READ = "uninitialised read"
    DIVERGENT_BARRIER = "divergent barrier"
    BARRIER_AFTER_END = "barrier after the end of threads"
    LANE_MISSING = "a lane of the mask has ended"
    LANE_NOT_IN_MASK = "a lane that its own mask leaves out"


class Cause(StrEnum):
    """Why a launch came to no good end, in the order of the runtime's own numbers."""

    NONE = ""
    ILLEGAL_ADDRESS = "illegal address"
    STACK_OVERFLOW = "too much local memory"
    DIVISION_BY_ZERO = "division by zero"
    DEADLOCK = "deadlock"
    ENDLESS = "endless loop"
    TRAP = "trap"
    ASSERTION = "assertion failed"


class Space(StrEnum):
    GLOBAL = "global"
    SHARED = "shared"
    CONSTANT = "constant"
    LOCAL = "local"


Index = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Party:
    """One side of what went wrong: at which line which thread of which block did what. Line 0: unknown."""

    line: int
    thread: Index
    block: Index
    writes: bool
    atomic: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """`offset` and `size` in bytes, from the begin of the buffer; `others`: threads on the other side of a barrier."""

    kind: FindingKind
    count: int
    first: Party | None
    then: Party
    space: Space
    buffer: str
    buffer_size: int
    offset: int
    size: int
    others: int

    @property
    def parties(self) -> list[Party]:
        return [party for party in (self.first, self.then) if party is not None]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one instruction at a line did to memory, all warps together.

    A request is what the lanes of a warp access at once. `sectors` are of 32 bytes, in global memory; `wavefronts` are
    the turns that banks of shared memory need; `least_…` what the same bytes would cost side by side. `shown` holds, by
    lane, the offsets in the buffer of the most expensive request.
    """

    line: int
    space: Space
    writes: bool
    atomic: bool
    size: int
    requests: int
    lanes: int
    bytes: int
    sectors: int
    least_sectors: int
    wavefronts: int
    least_wavefronts: int
    same_address: int
    buffer: str
    shown: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """How a launch ended before its time; for an illegal address, where that is from the begin of a buffer near it."""

    cause: Cause
    line: int
    thread: Index
    block: Index
    text: str
    buffer: str = ""
    buffer_size: int = 0
    offset: int = 0

    @property
    def place(self) -> str:
        """Where an illegal address is, in words; empty where there is no buffer near it."""
        if not self.buffer_size:
            return ""
        if self.offset < 0:
            return f"{-self.offset} bytes before {self.buffer}"
        behind = self.offset - self.buffer_size
        return f"{behind} bytes behind the end of {self.buffer}, which has {self.buffer_size} bytes"


@dataclass(frozen=True, slots=True)
class LaunchReport:
    """One launch of one kernel; `source` is the text that lines are of."""

    kernel: str
    source: str
    grid: Index
    block: Index
    shared_bytes: int
    failure: Failure | None
    findings: list[Finding]
    traffic: list[Traffic]
    accesses: int
    barriers: int
    turns: int


def essential(findings: list[Finding]) -> list[Finding]:
    """Without what follows from another: a line that races also reads what nobody has written yet, say."""
    causes = (FindingKind.RACE_IN_BLOCK, FindingKind.RACE_ACROSS_BLOCKS, FindingKind.INDEX_OUT_OF_RANGE)
    explained = {party.line for finding in findings if finding.kind in causes for party in finding.parties}
    follows = (FindingKind.UNINITIALISED_READ, FindingKind.OUT_OF_BOUNDS)
    return [finding for finding in findings if finding.kind not in follows or finding.then.line not in explained]
