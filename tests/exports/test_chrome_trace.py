"""Trace files follow the rules of the Trace Event Format, whatever was recorded, and viewers can show all of it."""

import itertools
import json
import math
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.exports.chrome_trace import trace
from grader.results import Check, Interleaving, Kind, Span, Step, Timeline, Verdict, Wait
from tests.class_results import stuck, wrong

spans = st.builds(
    Span, track=st.text(max_size=2), label=st.text(max_size=5), start=st.floats(), end=st.floats(), failed=st.booleans()
)
timelines = st.builds(
    Timeline, unit=st.sampled_from(["virtual seconds", "steps", "\udc80"]), spans=st.lists(spans), title=st.text()
)
steps = st.builds(Step, actor=st.integers(0, 3), line=st.integers(0, 99), code=st.text(), note=st.text())
waits = st.builds(Wait, actor=st.integers(0, 3), what=st.text())
names = st.lists(st.text(), min_size=4, max_size=4)
interleavings = st.builds(
    Interleaving, file=st.text(), actors=names, steps=st.lists(steps), waits=st.lists(waits), left_out=st.integers(0)
)


def check(timeline: Timeline | None = None, interleaving: Interleaving | None = None) -> Check:
    return Check("c", "It holds", Kind.CONCURRENCY, Verdict.RACE, 0, 1, timeline=timeline, interleaving=interleaving)


def events(phase: str, of: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for event in of["traceEvents"] if event["ph"] == phase]


def names_of(what: str, of: dict[str, Any]) -> dict[int, str]:
    return {event["tid"]: event["args"]["name"] for event in events("M", of) if event["name"] == what}


def assert_follows_the_format(file: dict[str, Any]) -> None:
    json.dumps(file, allow_nan=False).encode()
    assert file["displayTimeUnit"] in ("ms", "ns")
    for event in file["traceEvents"]:
        assert event["ph"] in ("X", "M")
        assert event["name"] and event["name"].isprintable()
        assert all(type(event[field]) is int for field in ("pid", "tid", "ts"))
        assert min(event["pid"], event["tid"]) > 0 <= event["ts"]
    for event in events("X", file):
        assert type(event["dur"]) is int and event["dur"] >= 0
        assert event["ts"] + event["dur"] <= 2**53
        assert type(event["cat"]) is str and type(event["args"]) is dict
    for event in events("M", file):
        field = {"process_name": "name", "thread_name": "name", "thread_sort_index": "sort_index"}[event["name"]]
        assert list(event["args"]) == [field]


@given(st.none() | timelines, st.none() | interleavings)
def test_every_file_follows_the_format(timeline: Timeline | None, interleaving: Interleaving | None) -> None:
    file = trace(check(timeline, interleaving))
    assert_follows_the_format(file)
    threads = names_of("thread_name", file)
    used = {(event["pid"], event["tid"]) for event in events("X", file)}
    assert {tid for _, tid in used} == set(threads)
    assert len(used) == len(threads), "a thread's number belongs to one process only"
    assert not {pid for pid, _ in used} & set(threads), "viewers take such a thread for the main one"


@given(timelines)
def test_spans_of_a_thread_lie_within_each_other_or_apart(timeline: Timeline) -> None:
    lanes: dict[int, list[tuple[int, int]]] = {}
    for event in events("X", trace(check(timeline))):
        lanes.setdefault(event["tid"], []).append((event["ts"], event["ts"] + event["dur"]))
    for lane in lanes.values():
        for (start, end), (other_start, other_end) in itertools.combinations(lane, 2):
            assert start <= other_start
            assert other_start >= end or other_end <= end


def test_a_check_without_evidence_has_no_events() -> None:
    assert trace(check())["traceEvents"] == []


def test_seconds_are_seconds_and_steps_are_milliseconds() -> None:
    for unit, microseconds in [("virtual seconds", 1_500_000), ("seconds", 1_500_000), ("steps", 1500)]:
        file = trace(check(Timeline(unit, [Span("t", "s", 1.5, 3)])))
        [event] = events("X", file)
        assert (event["ts"], event["dur"]) == (microseconds, microseconds)
        assert unit in file["otherData"]["timeline clock"]
    assert "1 ms" in file["otherData"]["timeline clock"]


def test_what_has_no_place_in_time_is_left_out_and_counted() -> None:
    times = [(0, math.inf), (math.nan, 1), (-1e300, 0), (1e12, 1e12), (1, 2)]
    file = trace(check(Timeline("virtual seconds", [Span("t", "s", *time) for time in times])))
    assert [event["ts"] for event in events("X", file)] == [1_000_000]
    assert file["otherData"]["spans left out, because they have no place in time"] == 4


def test_time_before_zero_moves_everything() -> None:
    file = trace(check(Timeline("steps", [Span("t", "a", -2, -1), Span("t", "b", 3, 3)])))
    assert [(event["ts"], event["dur"]) for event in events("X", file)] == [(0, 1000), (5000, 0)]


def test_spans_that_overlap_get_threads_of_their_own() -> None:
    overlapping = [Span("t", "a", 0, 2), Span("t", "inner", 1, 2), Span("t", "b", 1, 3), Span("u", "c", 0, 1)]
    file = trace(check(Timeline("steps", overlapping)))
    threads = names_of("thread_name", file)
    shown = [(threads[event["tid"]], event["name"]) for event in events("X", file)]
    assert shown == [("t", "a"), ("t", "inner"), ("t (2)", "b"), ("u", "c")]


def test_steps_follow_each_other_and_waits_come_last() -> None:
    found = next(c for c in stuck("run_all").checks if c.interleaving)
    assert found.interleaving is not None
    file = trace(replace(found, interleaving=replace(found.interleaving, left_out=7)))
    bars = events("X", file)
    of_steps = bars[: len(found.interleaving.steps)]
    assert [bar["ts"] for bar in of_steps] == [1000 * n for n in range(len(of_steps))]
    assert {bar["ts"] for bar in bars[len(of_steps) :]} == {1000 * len(of_steps)}
    actors = [found.interleaving.actors[step.actor] for step in found.interleaving.steps]
    assert [names_of("thread_name", file)[bar["tid"]] for bar in of_steps] == actors
    assert of_steps[0]["name"].startswith(f"{found.interleaving.steps[0].line}: ")
    assert file["otherData"]["earlier steps, not shown"] == 7
    assert file["otherData"]["replay token"] == found.interleaving.token


def test_equal_checks_give_equal_bytes() -> None:
    assert [json.dumps(trace(c)) for c in wrong("a").checks] == [json.dumps(trace(c)) for c in wrong("a").checks]
