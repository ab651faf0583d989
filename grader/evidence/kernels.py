"""Kernels judged by what the checked build of the CUDA engine has seen of them.

What is asserted here is about one launch each; traffic is asked of several launches at once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.cuda.records import alone, held, packed, unpacked
from grader.cuda.reports import (
    MOST_LAUNCHES,
    Cause,
    Failure,
    Finding,
    FindingKind,
    Index,
    LaunchReport,
    Party,
    Space,
    Traffic,
    essential,
)
from grader.results import KernelUse
from grader.serialization import from_json
from grader.text import clean

from .feedback import Feedback

__all__ = [
    "Space",
    "atomic_updates",
    "excess",
    "expect_computed",
    "expect_ended",
    "expect_followed",
    "expect_lanes",
    "expect_launched",
    "expect_many_threads",
    "expect_no_conflicts",
    "expect_side_by_side",
    "expect_sound",
    "have_computed",
    "kernel_source",
    "launch_reports",
    "per_request",
    "run_again",
    "run_backward",
    "total",
    "worst",
]

MANY_THREADS = 1000
Packed = list[bytes]


@dataclass(frozen=True, slots=True)
class _Told:
    launches: list[LaunchReport]


def launch_reports(told: Any) -> list[LaunchReport]:
    """What a scenario has brought out, as `grader.cuda.device.plain` makes it. Fails the check for anything else."""
    try:
        return from_json(_Told, {"launches": told}).launches
    except ValueError as e:
        raise AssertionError(_no_record()) from e


@dataclass(frozen=True, slots=True)
class Launches:
    """What launches did when they were run again: their reports, what the device held before each, and behind it.

    `recorded` is what they need to be run. The content of buffers is packed, as it may be large.
    """

    recorded: list[dict[str, Any]] = field(default_factory=list)
    reports: list[LaunchReport] = field(default_factory=list)
    before: list[list[Packed]] = field(default_factory=list)
    left: list[list[Packed]] = field(default_factory=list)
    variables: list[dict[str, Packed]] = field(default_factory=list)


def run_again(stub: Any, records: Any) -> Launches:
    """Has the launches that a student's process has recorded run in the stub's, where no Python of the student's is.

    So nothing that is believed about them was said by the student's process. Fails the check if one cannot be run
    again: what is not seen is not judged.
    """
    launches = Launches()
    for launch in _one_by_one(records):
        _run(stub, launch, launches)
    show(stub, launches.reports)
    return launches


def run_backward(stub: Any, forward: Launches) -> Launches:
    """The same launches, each with its last block first, for no order of blocks is promised.

    Each finds in the device's memory what those before it have left now.
    """
    launches, now = Launches(), _Now()
    for number, launch in enumerate(forward.recorded):
        _run(stub, _moved_on(launch, now), launches, backward=True)
        now = _Now(_left_of(forward, launches, number))
    return launches


def expect_followed(stub: Any, launches: Launches, given: bytes, other: bytes, content: bytes, what: str) -> None:
    """Fails the check unless the same launches compute this content where the memory holds `other` in place of `given`.

    Both have the same length. Where the host has copied what launches leave, that is followed. Nothing is asked of
    launches that never had `given` as it is.
    """
    again, now = Launches(), _Now(known=[(given, other)])
    for number, launch in enumerate(launches.recorded):
        _run(stub, _moved_on(launch, now), again)
        left = _left_of(launches, again, number)
        copied = [(old, new) for (_, old), new in left.items() if old != new and len(set(old)) > 1]
        now = _Now(left, [*now.known, *copied])
    if any(_is_in(given, before) for before in launches.before) and not have_computed(again, content):
        seen = "with other numbers in the device's memory, the same launches do not give theirs"
        raise AssertionError(Feedback(f"{what} computed by the kernels from what they are given", seen))


def _run(stub: Any, launch: dict[str, Any], launches: Launches, backward: bool = False) -> None:
    seen = stub.run("run_launches", launches=[launch], backward=backward).value
    if not seen:
        raise AssertionError(_no_record())
    launches.recorded.append(launch)
    launches.reports.extend(launch_reports([seen[0]["report"]]))
    launches.before.append(held(launch))
    launches.left.append(seen[0]["left"])
    launches.variables.append(seen[0]["variables"])


Place = int | str  # of a buffer or of a variable
_LEAST_PART = 8  # bytes that are taken for a part of others, and for no accident


@dataclass(frozen=True, slots=True)
class _Now:
    """What the device's memory holds in place of what it held: at a place, and wherever the same bytes are found."""

    at: dict[tuple[Place, bytes], bytes] = field(default_factory=dict)
    known: list[tuple[bytes, bytes]] = field(default_factory=list)  # the latest last

    def instead_of(self, content: bytes, place: Place) -> bytes:
        if (place, content) in self.at:
            return self.at[place, content]
        for old, new in reversed(self.known):
            if content == old:
                return new
        for old, new in reversed(self.known):
            if _is_part(old, content):
                return content.replace(old, new, 1)
            if _is_part(content, old):
                return new[old.index(content) :][: len(content)]
        return content


def _is_part(part: bytes, whole: bytes) -> bool:
    return len(part) >= _LEAST_PART and len(set(part)) > 1 and part in whole


def _left_of(before: Launches, after: Launches, number: int) -> dict[tuple[Place, bytes], bytes]:
    """What that launch left this time, by its place and by what it left there before."""
    buffers = zip(before.recorded[number]["buffers"], before.left[number], after.left[number], strict=False)
    left: dict[tuple[Place, bytes], bytes] = {(b["address"], unpacked(old)): unpacked(new) for b, old, new in buffers}
    for name, old in before.variables[number].items():
        left[name, unpacked(old)] = unpacked(after.variables[number][name])
    return left


def _moved_on(launch: dict[str, Any], now: _Now) -> dict[str, Any]:
    contents = [*launch["contents"]]

    def moved(number: int, place: Place) -> int:
        old = unpacked(contents[number])
        if (new := now.instead_of(old, place)) != old:
            contents.append(packed(new))
            return len(contents) - 1
        return number

    buffers = [{**buffer, "content": moved(buffer["content"], buffer["address"])} for buffer in launch["buffers"]]
    variables = {name: moved(number, name) for name, number in launch["variables"].items()}
    return {**launch, "contents": contents, "buffers": buffers, "variables": variables}


def _one_by_one(records: Any) -> list[dict[str, Any]]:
    told = records.get("launches") if type(records) is dict else None
    told = told if type(told) is list else []
    if len(told) > MOST_LAUNCHES:
        raise AssertionError(Feedback(f"at most {MOST_LAUNCHES} launches", f"{len(told)} for one call"))
    try:
        return [alone(records, number) for number in range(len(told))]
    except (LookupError, TypeError, AttributeError) as e:
        raise AssertionError(_no_record()) from e


def _no_record() -> Feedback:
    expected = "each launch to be one that can be run again from its source, its arguments and the device's memory"
    return Feedback(expected, "one cannot", "files that the source includes, and what is handed to the kernel")


def show(stub: Any, reports: Sequence[LaunchReport]) -> None:
    """In the report, whatever becomes of the check: what these launches did to memory."""
    by_name = itertools.groupby(sorted(reports, key=_kernel), key=_kernel)
    stub.kernels += [_use(list(own)) for _, own in by_name]


def _kernel(report: LaunchReport) -> str:
    return report.kernel


def _use(reports: list[LaunchReport]) -> KernelUse:
    traffic = [traffic for report in reports for traffic in report.traffic]
    dear = max(traffic, key=_cost, default=None)
    first = min(dear.shown.values(), default=0) if dear else 0
    return KernelUse(
        name=clean(reports[0].kernel, 80),
        launches=len(reports),
        threads=sum(math.prod(report.grid) * math.prod(report.block) for report in reports),
        load_sectors=per_request(reports, "sectors", Space.GLOBAL, writes=False),
        store_sectors=per_request(reports, "sectors", Space.GLOBAL, writes=True),
        bytes_moved=32 * total(reports, "sectors", Space.GLOBAL),
        bytes_needed=32 * total(reports, "least_sectors", Space.GLOBAL),
        wavefronts=per_request(reports, "wavefronts", Space.SHARED),
        lanes=sum(one.lanes for one in traffic) / (sum(one.requests for one in traffic) or 1),
        barriers=sum(report.barriers for report in reports),
        where=clean(_line(dear.line, reports[0]), 200) if dear else "",
        space=dear.space.value if dear else "",
        pattern=[dear.shown[lane] - first for lane in sorted(dear.shown)] if dear else [],
    )


def kernel_source(student: Any) -> str:
    """The student's CUDA C, as `KERNEL` holds it. Fails the check if that is no text."""
    source = student.run("source_of").value
    if type(source) is not str:
        raise AssertionError(Feedback("a text in KERNEL", "something else"))
    return source


def expect_computed(launches: Launches, content: bytes, what: str) -> None:
    """Fails the check unless this was in the device's memory behind one of the launches, and not before it."""
    if not have_computed(launches, content):
        raise AssertionError(Feedback(f"{what} computed by the kernels", "no launch has computed it"))


def have_computed(launches: Launches, content: bytes) -> bool:
    """Whether this was in the device's memory behind one of the launches, and not before it."""
    both = zip(launches.before, launches.left, strict=True)
    return any(_is_in(content, left) and not _is_in(content, before) for before, left in both)


def _is_in(content: bytes, buffers: Iterable[Packed]) -> bool:
    return any(content in unpacked(chunks) for chunks in buffers)


def expect_sound(reports: Iterable[LaunchReport]) -> None:
    """Fails the check if a launch has failed, or anything is wrong with its accesses and barriers, or there is none."""
    reports = list(reports)
    if not reports:
        raise AssertionError(Feedback("a kernel launched by your function", "none was"))
    for report in reports:
        if wrong := essential(report.findings):
            raise AssertionError(_told(wrong[0], report))
        expect_ended([report])


def expect_ended(reports: Iterable[LaunchReport]) -> None:
    """Fails the check if a launch has failed, whatever else is wrong with it."""
    for report in reports:
        if report.failure is not None:
            raise AssertionError(_failed(report.failure, report))


def expect_launched(reports: Iterable[LaunchReport], kernel: str) -> list[LaunchReport]:
    """The launches of that kernel. Fails the check if there are none."""
    found = [report for report in reports if report.kernel == kernel]
    if not found:
        raise AssertionError(Feedback(f"the kernel {kernel} launched by your function", "it was not launched"))
    return found


def expect_many_threads(reports: Iterable[LaunchReport], work: str, blocks: int = 1) -> None:
    """Fails the check unless one of the launches has 1,000 threads, in at least so many blocks, for that work."""
    shapes = [(math.prod(report.grid), math.prod(report.grid) * math.prod(report.block)) for report in reports]
    if any(has >= blocks and threads >= MANY_THREADS for has, threads in shapes):
        return
    wanted = f"{blocks} blocks and {MANY_THREADS:,} threads" if blocks > 1 else f"{MANY_THREADS:,} threads"
    seen = "the largest has {:,} blocks and {:,} threads".format(*max(shapes, default=(0, 0)))
    expected = f"a launch with at least {wanted} for {work}"
    raise AssertionError(Feedback(expected, seen, "the grid and the block of your launch"))


def expect_lanes(
    reports: Sequence[LaunchReport], least: float, doing: str, look_at: str, writes: bool | None = None
) -> None:
    """Fails the check unless on average so many threads of a warp access global memory together."""
    lanes = per_request(reports, "lanes", Space.GLOBAL, writes)
    if lanes < least:
        expected, seen = f"at least {least:g} of the 32 threads of a warp {doing} together", f"{lanes:.1f} on average"
        raise AssertionError(Feedback(expected, seen, look_at, numbers={"lanes at work": lanes}))


def expect_side_by_side(reports: Sequence[LaunchReport], most: float, writes: bool) -> None:
    """Fails the check if requests of warps take more sectors of global memory than that many times the least."""
    sectors = excess(reports, "sectors", Space.GLOBAL, writes)
    if sectors > most:
        expected = f"at most {most:g} times as many sectors {'written' if writes else 'read'} as the accesses fill"
        numbers = {"excess of sectors": sectors}
        raise AssertionError(
            Feedback(expected, f"{sectors:.1f} times as many", worst(reports, Space.GLOBAL, writes), numbers=numbers)
        )


def expect_no_conflicts(reports: Sequence[LaunchReport], most: float, writes: bool | None = None) -> None:
    """Fails the check if requests of warps take more turns in shared memory than that many times the least."""
    turns = excess(reports, "wavefronts", Space.SHARED, writes)
    if turns > most:
        done = {True: "written", False: "read", None: "used"}[writes]
        expected = f"shared memory {done} with at most {most:g} times as many turns as without bank conflicts"
        look_at, numbers = worst(reports, Space.SHARED, bool(writes)), {"excess of turns": turns}
        raise AssertionError(Feedback(expected, f"{turns:.1f} times as many", look_at, numbers=numbers))


def total(reports: Sequence[LaunchReport], what: str, space: Space, writes: bool | None = None) -> int:
    """The sum of a number of `Traffic` over all accesses to that memory; loads, stores or both."""
    return sum(getattr(traffic, what) for traffic in _of(reports, space, writes))


def per_request(reports: Sequence[LaunchReport], what: str, space: Space, writes: bool | None = None) -> float:
    """The same for each request of a warp; 0 where there are none."""
    return total(reports, what, space, writes) / (total(reports, "requests", space, writes) or 1)


def atomic_updates(reports: Sequence[LaunchReport], space: Space) -> int:
    """How often threads have updated something in that memory atomically."""
    return sum(traffic.lanes for traffic in _of(reports, space, writes=True) if traffic.atomic)


def excess(reports: Sequence[LaunchReport], what: str, space: Space, writes: bool | None = None) -> float:
    """How many times as many `sectors` or `wavefronts` as the same bytes cost side by side; 0 where there are none."""
    return total(reports, what, space, writes) / (total(reports, f"least_{what}", space, writes) or 1)


def worst(reports: Sequence[LaunchReport], space: Space, writes: bool) -> str:
    """Where the most expensive accesses are, in words; for `look_at`."""
    found = [(report, traffic) for report in reports for traffic in report.traffic]
    found = [(report, traffic) for report, traffic in found if (traffic.space, traffic.writes) == (space, writes)]
    if not found:
        return ""
    report, traffic = max(found, key=lambda pair: _cost(pair[1]))
    return f"{_line(traffic.line, report)}, where lanes next to each other {_apart(traffic)}"


def _of(reports: Sequence[LaunchReport], space: Space, writes: bool | None) -> Iterable[Traffic]:
    for report in reports:
        for traffic in report.traffic:
            if traffic.space is space and writes in (None, traffic.writes):
                yield traffic


def _cost(traffic: Traffic) -> float:
    return max(traffic.sectors, traffic.wavefronts) / traffic.requests


def _apart(traffic: Traffic) -> str:
    lanes = sorted(traffic.shown)
    steps = {traffic.shown[b] - traffic.shown[a] for a, b in itertools.pairwise(lanes) if b == a + 1}
    if len(steps) == 1:
        return f"access places {steps.pop()} bytes apart"
    return "access places that are not at equal distances"


# ---------------------------------------------------------------- findings in words


def _told(finding: Finding, report: LaunchReport) -> Feedback:
    expected, seen, look_at = _WORDS[finding.kind](finding, report)
    return Feedback(f"{expected} (kernel {report.kernel})", seen, look_at)


def _race(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    assert finding.first is not None
    inside = finding.kind is FindingKind.RACE_IN_BLOCK
    apart = "with no barrier in between" if inside else "and blocks run in no fixed order"
    seen = f"{_did(finding.first, finding, report)}; {_did(finding.then, finding, report)}, {apart}"
    both = "threads of a block" if inside else "threads of different blocks"
    expected = f"no two {both} at the same element at once, unless both only read it or update it atomically"
    return expected, seen, "what has to be complete before those lines, and what makes sure of it"


def _outside(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    over = finding.offset - finding.buffer_size
    if not finding.buffer_size:
        where = "at an address that belongs to no array"
    elif finding.offset < 0:
        where = f"{-finding.offset} bytes before the begin of {_array(finding)}"
    else:
        where = f"{over} bytes behind the end of {_array(finding)}, which has {finding.buffer_size} bytes"
    verb = "wrote" if finding.then.writes else "read"
    seen = f"{_who(finding.then)} {verb} {where}, at {_line(finding.then.line, report)}"
    return "every access inside of an array", seen, "which indices that line uses in the last threads and blocks"


def _index(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    seen = f"{_who(finding.then)} used index {finding.offset} of an array of type {finding.buffer}"
    seen += f", at {_line(finding.then.line, report)}"
    return "every index inside of its array", seen, "the range of the index in that line"


def _unwritten(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    seen = f"{_who(finding.then)} read element {_element(finding)} of {_array(finding)}, which nobody had written"
    seen += f", at {_line(finding.then.line, report)}"
    return "nothing read before it is written", seen, "who writes that array first, and all of it"


def _divergent(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    assert finding.first is not None
    seen = f"{_who(finding.first)} waits at {_line(finding.first.line, report)}, while {finding.others} threads of the"
    seen += f" block wait at {_line(finding.then.line, report)}"
    return "all threads of a block at the same barrier", seen, "barriers inside of branches"


def _late(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    seen = f"at {_line(finding.then.line, report)}, {finding.others} threads of the block never come: they have ended"
    return "all threads of a block at every barrier", seen, "barriers inside of branches and loops"


def _lane(finding: Finding, report: LaunchReport) -> tuple[str, str, str]:
    missing = (
        "names lanes that have ended" if finding.kind is FindingKind.LANE_MISSING else "leaves out the lane itself"
    )
    seen = f"{_who(finding.then)} gives a mask that {missing}, at {_line(finding.then.line, report)}"
    return "a mask that names the lanes that take part", seen, "which lanes reach that line"


_WORDS = {
    **dict.fromkeys((FindingKind.RACE_IN_BLOCK, FindingKind.RACE_ACROSS_BLOCKS), _race),
    FindingKind.OUT_OF_BOUNDS: _outside,
    FindingKind.INDEX_OUT_OF_RANGE: _index,
    FindingKind.UNINITIALISED_READ: _unwritten,
    FindingKind.DIVERGENT_BARRIER: _divergent,
    FindingKind.BARRIER_AFTER_END: _late,
    **dict.fromkeys((FindingKind.LANE_MISSING, FindingKind.LANE_NOT_IN_MASK), _lane),
}
_CAUSES = {
    Cause.ILLEGAL_ADDRESS: "it accessed an address that belongs to no array",
    Cause.STACK_OVERFLOW: "a thread needs more than 128 KiB of local memory",
    Cause.DIVISION_BY_ZERO: "an integer was divided by zero",
    Cause.DEADLOCK: "threads wait for others that never come",
    Cause.ENDLESS: "its loops went on and on",
    Cause.TRAP: "it called __trap()",
    Cause.ASSERTION: "an assertion failed",
}


def _failed(failure: Failure, report: LaunchReport) -> Feedback:
    more = failure.text or failure.place
    why = _CAUSES.get(failure.cause, failure.cause.value) + (f" ({more})" if more else "")
    place = f", at {_line(failure.line, report)}" if failure.line else ""
    who = f"thread {_index_of(failure.thread)} of block {_index_of(failure.block)}"
    return Feedback(f"the kernel {report.kernel} to come to its end", f"{why}{place}, in {who}")


def _did(party: Party, finding: Finding, report: LaunchReport) -> str:
    verb = "updated" if party.atomic else "wrote" if party.writes else "read"
    how = " atomically" if party.atomic else ""
    element = f"element {_element(finding)} of {_array(finding)}"
    return f"{_who(party)} {verb} {element}{how} at {_line(party.line, report)}"


def _who(party: Party) -> str:
    return f"thread {_index_of(party.thread)} of block {_index_of(party.block)}"


def _index_of(index: Index) -> str:
    return f"({', '.join(map(str, index))})"


def _array(finding: Finding) -> str:
    return f"{finding.space.value} array {finding.buffer or '?'}"


def _element(finding: Finding) -> int:
    return finding.offset // (finding.size or 1)


def _line(number: int, report: LaunchReport) -> str:
    lines = report.source.splitlines()
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return f"line {number} of the kernel" + (f" “{text}”" if text else "")
