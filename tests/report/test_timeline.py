"""The drawing of a timeline stays inside its frame, whatever was recorded."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from grader.report.timeline import AXIS, LABELS, LANE, MAX_SPANS, MAX_TRACKS, WIDTH, Drawing, draw
from grader.results import Span, Timeline

spans = st.builds(
    Span, track=st.text(max_size=3), label=st.text(), start=st.floats(), end=st.floats(), failed=st.booleans()
)


def drawing(*recorded: Span) -> Drawing:
    return draw(Timeline("steps", list(recorded)))


@given(st.lists(spans))
def test_everything_is_inside_the_frame(recorded: list[Span]) -> None:
    result = drawing(*recorded)
    plot = result.height - AXIS
    for row in result.rows:
        for bar in row.bars:
            assert bar.x >= LABELS - 1e-6
            assert bar.width > 0
            assert bar.x + bar.width <= WIDTH
            assert row.y <= bar.y and bar.y + LANE <= row.y + row.height <= plot
    assert all(LABELS - 1 <= tick.x <= WIDTH for tick in result.ticks)
    assert len(result.ticks) <= 14
    assert len(result.spans) + result.more_spans == len(recorded)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=1))
def test_no_two_bars_of_a_track_cover_each_other(times: list[tuple[float, float]]) -> None:
    [row] = drawing(*(Span("t", "s", start, start + length) for start, length in times)).rows
    lanes: dict[float, list[Span]] = {}
    for bar in row.bars:
        lanes.setdefault(bar.y, []).append(bar.span)
    for lane in lanes.values():
        assert all(before.end <= after.start for before, after in itertools.pairwise(lane))


def test_one_row_a_track_in_the_order_of_appearance() -> None:
    rows = drawing(Span("b", "1", 0, 1), Span("a", "2", 0, 1), Span("b", "3", 1, 2)).rows
    assert [(row.track, len(row.bars), row.height) for row in rows] == [("b", 2, LANE), ("a", 1, LANE)]


def test_spans_that_overlap_get_lanes() -> None:
    [row] = drawing(Span("t", "outer", 0, 10), Span("t", "inner", 2, 4), Span("t", "later", 4, 6)).rows
    assert row.height == 2 * LANE
    assert [bar.y for bar in row.bars] == [0, LANE, LANE]


def test_the_axis_counts_in_round_numbers() -> None:
    assert [tick.text for tick in drawing(Span("t", "s", 0, 3.9)).ticks] == ["0", "1", "2", "3"]
    assert [tick.text for tick in drawing(Span("t", "s", 0.1, 0.35)).ticks][:3] == ["0.1", "0.15", "0.2"]
    assert next(tick.text for tick in drawing(Span("t", "s", 5, 5)).ticks) == "5"


def test_size_is_bounded_and_what_is_left_out_is_counted() -> None:
    many = drawing(*(Span(f"t{i}", "s", i, i + 1) for i in range(100)))
    assert (len(many.rows), many.more_tracks, many.more_spans) == (
        MAX_TRACKS,
        100 - MAX_TRACKS,
        100 - MAX_TRACKS,
    )
    long = drawing(*(Span("t", "s", i, i + 1) for i in range(1000)))
    assert (len(long.spans), long.more_tracks, long.more_spans) == (MAX_SPANS, 0, 1000 - MAX_SPANS)


def test_what_has_no_place_in_time_is_left_out() -> None:
    result = drawing(Span("t", "s", 0, math.inf), Span("t", "s", math.nan, 1), Span("t", "s", 0, 1))
    assert (len(result.spans), result.more_spans) == (1, 2)


def test_labels_are_cut_to_what_fits_and_failures_marked() -> None:
    [row] = drawing(Span("t", "a" * 500, 0, 9, failed=True), Span("t", "short", 9, 9.01), Span("t", "b", 9.5, 10)).rows
    assert row.failed
    assert [bar.text for bar in row.bars][1:] == ["", "b"]
    assert row.bars[0].text.startswith("✗ aaa") and row.bars[0].text.endswith("a…")
