"""A check's timeline and interleaving in the Trace Event Format, which Perfetto and chrome://tracing open.

A timeline and an interleaving are a process each, their tracks and actors its threads. The format counts microseconds:
a second is shown as a second, and what is counted otherwise (steps) as a millisecond; `otherData` says which.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.results import Check, Interleaving, Span, Timeline
from grader.text import clean

_SECOND = 1_000_000
_STEP = 1_000
_FARTHEST = 4e15  # microseconds; twice as many still are a whole number in JavaScript, and as nanoseconds in 64 bits
_TIMELINE, _INTERLEAVING = 1, 2  # process numbers
# No number is given twice, nor is one a process's too: viewers would take the threads for one, or for the main thread.
_FIRST_THREAD = 11

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Slice:
    """A span in whole microseconds."""

    span: Span
    start: int
    end: int


def trace(check: Check) -> dict[str, Any]:
    """The JSON object of a trace file. It has no events if the check has neither a timeline nor an interleaving."""
    events: list[Event] = []
    about: dict[str, Any] = {"check": clean(check.title, 200), "verdict": str(check.verdict)}
    if check.timeline is not None:
        _add_timeline(check.timeline, events, about)
    if check.interleaving is not None:
        _add_interleaving(check.interleaving, events, about)
    return {"displayTimeUnit": "ms", "traceEvents": events, "otherData": about}


# ------------------------------------------------------------------ timelines


def _add_timeline(timeline: Timeline, events: list[Event], about: dict[str, Any]) -> None:
    unit = " ".join(clean(timeline.unit, 60).split())
    per_unit = _SECOND if unit.endswith("seconds") else _STEP
    bars = _bars(timeline, per_unit)
    about["timeline clock"] = f"counts {unit}; one is shown as {'1 s' if per_unit == _SECOND else '1 ms'}"
    about["spans left out, because they have no place in time"] = len(timeline.spans) - len(bars)
    events.append(_named("process_name", timeline.title or "timeline", _TIMELINE, _FIRST_THREAD))
    thread = _FIRST_THREAD
    for track in dict.fromkeys(bar.span.track for bar in bars):
        for number, lane in enumerate(_lanes([bar for bar in bars if bar.span.track == track]), 1):
            events += _thread(_TIMELINE, thread, track if number == 1 else f"{track} ({number})")
            events += [_event(bar, thread) for bar in lane]
            thread += 1


def _bars(timeline: Timeline, per_unit: int) -> list[_Slice]:
    """What can be placed in time, moved so that nothing is before 0."""
    placed = [span for span in timeline.spans if all(_has_place(t * per_unit) for t in (span.start, span.end))]
    origin = min((0, *(round(time * per_unit) for span in placed for time in (span.start, span.end))))
    starts = [round(span.start * per_unit) - origin for span in placed]
    ends = [round(span.end * per_unit) - origin for span in placed]
    return [_Slice(span, start, max(start, end)) for span, start, end in zip(placed, starts, ends, strict=True)]


def _has_place(time: float) -> bool:
    return math.isfinite(time) and abs(time) <= _FARTHEST


def _lanes(bars: list[_Slice]) -> list[list[_Slice]]:
    """Bars of one thread lie within each other or apart, or a viewer drops them; others get a thread of their own."""
    lanes: list[list[_Slice]] = []
    opens: list[list[int]] = []  # for each lane, when the bars end that are still open
    for bar in sorted(bars, key=lambda bar: (bar.start, -bar.end)):
        opens = [[end for end in ends if end > bar.start] for ends in opens]
        free = next((n for n, ends in enumerate(opens) if not ends or bar.end <= ends[-1]), len(lanes))
        if free == len(lanes):
            lanes.append([])
            opens.append([])
        lanes[free].append(bar)
        opens[free].append(bar.end)
    return lanes


def _event(bar: _Slice, thread: int) -> Event:
    label = bar.span.label or bar.span.track
    arguments = {"failed": bar.span.failed, "from": _shown(bar.span.start), "to": _shown(bar.span.end)}
    return _complete(_TIMELINE, thread, f"✗ {label}" if bar.span.failed else label, bar.start, bar.end, arguments)


def _shown(time: float) -> str:
    return f"{time:.10g}"


# ------------------------------------------------------------------ interleavings


def _add_interleaving(interleaving: Interleaving, events: list[Event], about: dict[str, Any]) -> None:
    about["interleaving clock"] = "counts the steps that are shown; one is shown as 1 ms"
    about["earlier steps, not shown"] = interleaving.left_out
    about["file"] = clean(interleaving.file, 200)
    about["replay token"] = clean(interleaving.token, 20_000)
    first = max((event["tid"] for event in events), default=_FIRST_THREAD) + 1
    events.append(_named("process_name", "interleaving", _INTERLEAVING, first))
    for actor in sorted({step.actor for step in interleaving.steps} | {wait.actor for wait in interleaving.waits}):
        events += _thread(_INTERLEAVING, first + actor, interleaving.actors[actor])
    events += _steps(interleaving, first)


def _steps(interleaving: Interleaving, first: int) -> Iterator[Event]:
    now = 0
    for step in interleaving.steps:
        name = f"{step.line}: {step.code}" if step.line else step.note
        arguments = {"line": step.line, "what came of it": clean(step.note, 400)}
        yield _complete(_INTERLEAVING, first + step.actor, name, now, now + _STEP, arguments)
        now += _STEP
    for wait in interleaving.waits:
        yield _complete(_INTERLEAVING, first + wait.actor, wait.what, now, now + _STEP, {"at the end": True})


# ------------------------------------------------------------------ events


def _thread(process: int, thread: int, name: str) -> list[Event]:
    order = {"ph": "M", "name": "thread_sort_index", "pid": process, "tid": thread, "ts": 0}
    return [_named("thread_name", name, process, thread), {**order, "args": {"sort_index": thread}}]


def _named(what: str, name: str, process: int, thread: int) -> Event:
    return {"ph": "M", "name": what, "pid": process, "tid": thread, "ts": 0, "args": {"name": _line(name)}}


def _complete(process: int, thread: int, name: str, start: int, end: int, arguments: dict[str, Any]) -> Event:
    kind = "timeline" if process == _TIMELINE else "interleaving"
    place = {"pid": process, "tid": thread, "ts": start, "dur": end - start}
    return {"ph": "X", "name": _line(name), "cat": kind, **place, "args": arguments}


def _line(text: str) -> str:
    return " ".join(clean(text, 200).split()) or "?"
