"""The map of all exercises: the topic that each is in, and what helps to have done before it. Drawn of the catalogue.

`python -m grader.authoring.map` draws it anew, as exercises/map.svg of the checkout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from grader.catalogue import Catalogue, Exercise, load_catalogue

_LEFT, _WIDTH, _HEIGHT = 196, 164, 28
_NEXT_COLUMN, _NEXT_LINE, _MARGIN, _GAP = 230, 42, 10, 30
_NEAREST, _APART = 16, 7  # of lines: from the boxes or the band, and from each other
_COLOURS = ("#c2702c", "#2a7f62", "#8a4fa3", "#b03a4a", "#3a7ca8", "#7a6a1f", "#c0489a", "#4d6f2f")
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="DejaVu Sans, Verdana, sans-serif">
  <title>The exercises by topic: arrows lead from what helps to have done before</title>
  <style>
    .band {{ fill: #f2f4f8 }}
    .topic {{ font-size: 14px; font-weight: bold; fill: #333 }}
    .box {{ fill: #fff; stroke: #4a78b0; stroke-width: 1.2 }}
    .name {{ font-size: 12.5px; text-anchor: middle; fill: #222 }}
    .near, .far {{ fill: none; stroke-width: 1.4; stroke-linejoin: round }}
  </style>
  <rect width="{width}" height="{height}" fill="#fff"/>
"""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Of an exercise's box: column, upper left corner, and where there is room for lines below its topic."""

    column: int
    x: int
    y: int
    below: int


@dataclass(frozen=True, slots=True)
class _Band:
    """Of a topic, from top to bottom."""

    topic: str
    top: int
    bottom: int


@dataclass(slots=True)
class _Descent:
    """The part of a line that goes down on the left of a column, from one exercise to all that need it there."""

    before: str
    column: int
    top: int
    bottom: int
    track: int = 0

    @property
    def x(self) -> int:
        return _LEFT + self.column * _NEXT_COLUMN - _NEAREST - self.track * _APART


def draw(catalogue: Catalogue) -> str:
    """As SVG: a band for each topic, in which an exercise stands on the right of those that come before."""
    places, bands = _laid_out(catalogue.exercises)
    width = max(place.x for place in places.values()) + _WIDTH + 2 * _MARGIN
    parts = [_HEAD.format(width=width, height=bands[-1].bottom + _MARGIN)]
    for band in bands:
        size = f'width="{width - 16}" height="{band.bottom - band.top}"'
        parts.append(f'  <rect class="band" x="8" y="{band.top}" {size} rx="6"/>\n')
        middle = (band.top + band.bottom) // 2 + 5
        parts.append(f'  <text class="topic" x="20" y="{middle}">{escape(_in_words(band.topic))}</text>\n')
    parts += _far_lines(catalogue.exercises, places)
    parts += _near_lines(catalogue.exercises, places)
    return "".join([*parts, *(_box(name, place) for name, place in places.items()), "</svg>\n"])


# ------------------------------------------------------------------ where the boxes go


def _laid_out(exercises: list[Exercise]) -> tuple[dict[str, _Spot], list[_Band]]:
    places: dict[str, _Spot] = {}
    bands: list[_Band] = []
    top = _MARGIN
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        cells = _cells([exercise for exercise in exercises if exercise.topic == topic])
        bottom = top + _MARGIN + _NEXT_LINE * (1 + max(line for _, line in cells.values()))
        bands.append(_Band(topic, top, bottom))
        for name, (column, line) in cells.items():
            x, y = _LEFT + column * _NEXT_COLUMN, top + _MARGIN + 2 + line * _NEXT_LINE
            places[name] = _Spot(column, x, y, bottom + _APART)
        top = bottom + _GAP
    return places, bands


def _cells(exercises: list[Exercise]) -> dict[str, tuple[int, int]]:
    """Column and line of each in its topic: on the right of all that come before, beside one of them if it can."""
    cells: dict[str, tuple[int, int]] = {}
    for exercise in exercises:
        before = [cells[name] for name in exercise.prerequisites if name in cells]
        column, line = max(before, default=(-1, 0))
        cells[exercise.name] = column + 1, next(_free_lines(column + 1, line, cells))
    return cells


def _free_lines(column: int, first: int, cells: dict[str, tuple[int, int]]) -> Iterator[int]:
    return (line for line in range(first, first + len(cells) + 1) if (column, line) not in cells.values())


# ------------------------------------------------------------------ lines within a topic, and from one to another


def _near_lines(exercises: list[Exercise], places: dict[str, _Spot]) -> Iterator[str]:
    for before, after in _pairs(exercises, near=True):
        x, y, to = places[before].x + _WIDTH, places[before].y + _HEIGHT // 2, places[after]
        end = to.y + _HEIGHT // 2
        path = f"M{x} {y}C{x + 26} {y} {to.x - 30} {end} {to.x} {end}"
        yield _line("near", "#333", path, (to.x, end), f"{before} before {after}")


def _far_lines(exercises: list[Exercise], places: dict[str, _Spot]) -> Iterator[str]:
    """Out on the left of a box, down, to another column where need be, down again, and into a box from the left."""
    pairs = list(_pairs(exercises, near=False))
    colours = {before: _COLOURS[n % len(_COLOURS)] for n, before in enumerate(dict.fromkeys(b for b, _ in pairs))}
    descents = _descents(pairs, places)
    for before, after in pairs:
        start, end = places[before], places[after]
        out, into = descents[before, start.column], descents[before, end.column]
        across = "" if out is into else f"V{into.top}H{into.x}"
        path = f"M{start.x} {_leaving(start)}H{out.x}{across}V{_entering(end)}H{end.x}"
        yield _line("far", colours[before], path, (end.x, _entering(end)), f"{before} before {after}")


def _descents(pairs: list[tuple[str, str]], places: dict[str, _Spot]) -> dict[tuple[str, int], _Descent]:
    """By exercise and column, from where all its lines come down there."""
    found: dict[tuple[str, int], _Descent] = {}
    lanes: dict[int, list[str]] = {}  # who has a line to other columns below which topic
    for before, after in pairs:
        start, end = places[before], places[after]
        out = found.setdefault((before, start.column), _Descent(before, start.column, _leaving(start), start.below))
        if end.column != start.column:
            who = lanes.setdefault(start.below, [])
            who += [before] if before not in who else []
            lane = start.below + _APART * who.index(before)
            out.bottom = max(out.bottom, lane)
            out = found.setdefault((before, end.column), _Descent(before, end.column, lane, lane))
        out.bottom = max(out.bottom, _entering(end))
    _side_by_side(list(found.values()))
    return found


def _side_by_side(descents: list[_Descent]) -> None:
    """Each as near to the boxes as those allow that come down beside it."""
    placed: list[_Descent] = []
    for one in sorted(descents, key=lambda one: (one.top, one.bottom)):
        taken = {other.track for other in placed if other.column == one.column and other.bottom >= one.top - _APART}
        one.track = next(track for track in range(len(placed) + 1) if track not in taken)
        placed.append(one)


def _pairs(exercises: list[Exercise], *, near: bool) -> Iterator[tuple[str, str]]:
    """What comes before what: in the same topic, or in another one."""
    topics = {exercise.name: exercise.topic for exercise in exercises}
    for exercise in exercises:
        for before in exercise.prerequisites:
            if (topics[before] == exercise.topic) is near:
                yield before, exercise.name


def _leaving(place: _Spot) -> int:
    return place.y + _HEIGHT - 6


def _entering(place: _Spot) -> int:
    return place.y + 7


# ------------------------------------------------------------------ what is drawn


def _line(kind: str, colour: str, path: str, end: tuple[int, int], about: str) -> str:
    tip = f'<path d="M{end[0]} {end[1]}l-8 -3.5v7z" fill="{colour}"/>'
    return f'  <g><title>{escape(about)}</title><path class="{kind}" stroke="{colour}" d="{path}"/>{tip}</g>\n'


def _box(name: str, place: _Spot) -> str:
    rectangle = f'<rect class="box" x="{place.x}" y="{place.y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4"/>'
    text = f'<text class="name" x="{place.x + _WIDTH // 2}" y="{place.y + 18}">{escape(name)}</text>'
    return f"  {rectangle}{text}\n"


def _in_words(topic: str) -> str:
    return topic.replace("_", " ")


def main() -> None:
    checkout = Path(__file__).parents[2]
    (checkout / "exercises" / "map.svg").write_text(draw(load_catalogue(checkout)), "utf-8")


if __name__ == "__main__":
    main()
