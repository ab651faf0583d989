"""Where the parts of a timeline go in its drawing, in SVG user units; the template only prints them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from grader.results import Span, Timeline

MAX_TRACKS = 40
MAX_SPANS = 400
WIDTH = 760.0
LABELS = 130.0  # width of the column with the tracks' names
LANE = 24.0  # height of one lane; spans of a track that overlap get lanes of their own
AXIS = 40.0  # height of the axis below
_MARGIN = 14.0  # right of the last tick, so that its number fits
_TICKS = 6
_WIDTH_OF_LETTER = 6.3
_FARTHEST = 1e15  # beyond it, floating point cannot place a span any more


@dataclass(frozen=True, slots=True)
class Bar:
    """One span as drawn; `text` is what fits of its label."""

    span: Span
    x: float
    y: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One track as drawn."""

    track: str
    y: float
    height: float
    bars: list[Bar]

    @property
    def failed(self) -> bool:
        return any(bar.span.failed for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A timeline laid out; `more_tracks` and `more_spans` say what was left out for size."""

    title: str
    unit: str
    rows: list[TrackRow]
    ticks: list[Tick]
    height: float
    more_tracks: int
    more_spans: int

    @property
    def spans(self) -> list[Span]:
        return [bar.span for row in self.rows for bar in row.bars]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Maps time to x."""

    low: float
    extent: float

    def x(self, time: float) -> float:
        return LABELS + (WIDTH - LABELS - _MARGIN) * (time - self.low) / self.extent

    def ticks(self) -> list[Tick]:
        step = _round_step(self.extent / _TICKS)
        first = math.ceil(self.low / step)
        last = math.floor((self.low + self.extent) / step)
        return [Tick(self.x(i * step), f"{i * step:.10g}") for i in range(first, last + 1)]


def draw(timeline: Timeline) -> Drawing:
    """Lay a timeline out, of at most MAX_TRACKS tracks and MAX_SPANS spans, the first ones."""
    drawable = [span for span in timeline.spans if _is_drawable(span)]
    tracks = list(dict.fromkeys(span.track for span in drawable))
    shown_tracks = tracks[:MAX_TRACKS]
    shown = [span for span in drawable if span.track in shown_tracks][:MAX_SPANS]
    scale = _scale(shown)
    rows: list[TrackRow] = []
    for track in dict.fromkeys(span.track for span in shown):
        top = rows[-1].y + rows[-1].height if rows else 0.0
        rows.append(_row(track, top, [s for s in shown if s.track == track], scale))
    return Drawing(
        title=timeline.title,
        unit=timeline.unit,
        rows=rows,
        ticks=scale.ticks(),
        height=(rows[-1].y + rows[-1].height if rows else 0.0) + AXIS,
        more_tracks=len(tracks) - len(rows),
        more_spans=len(timeline.spans) - len(shown),
    )


def _is_drawable(span: Span) -> bool:
    return all(math.isfinite(time) and abs(time) < _FARTHEST for time in (span.start, span.end))


def _scale(spans: Iterable[Span]) -> _Scale:
    times = [time for span in spans for time in (span.start, span.end)] or [0.0]
    low, extent = min(times), max(times) - min(times)
    is_a_moment = extent < 1e-9 * max(1.0, *(abs(time) for time in times))
    return _Scale(low, 1.0 if is_a_moment else extent)


def _round_step(step: float) -> float:
    """The next larger of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= step * (1 - 1e-9))


def _row(track: str, top: float, spans: list[Span], scale: _Scale) -> TrackRow:
    ends: list[float] = []  # of the last span in each lane
    bars = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        lane = next((i for i, end in enumerate(ends) if end <= span.start), len(ends))
        ends[lane : lane + 1] = [max(span.start, span.end)]
        bars.append(_bar(span, top + lane * LANE, scale))
    return TrackRow(track, top, LANE * len(ends), bars)


def _bar(span: Span, y: float, scale: _Scale) -> Bar:
    x = scale.x(span.start)
    width = max(3.0, scale.x(max(span.start, span.end)) - x)
    label = f"✗ {span.label}" if span.failed else span.label
    return Bar(span, x, y, width, _fitting(label, width))


def _fitting(label: str, width: float) -> str:
    room = int((width - 8) / _WIDTH_OF_LETTER)
    if len(label) <= room:
        return label
    return f"{label[: room - 1]}…" if room >= 3 else label[:1] if room >= 1 and label.startswith("✗") else ""
