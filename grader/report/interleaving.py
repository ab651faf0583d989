"""An interleaving as plain text: a column for each actor, time running downwards."""

import textwrap
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size

from grader.report.lanes import LaneDiagram, LaneRow, lay_out
from grader.report.wording import count
from grader.results import Interleaving, Step
from grader.text import clean

_NARROWEST = 24  # of a column that is narrower than what is in it
_LEAST_WIDTH = 20
_LONGEST_TEXT = 400
_MOST_LINES = 3  # for a text that does not fit into one
_MARK, _GAP = 2, 2  # cells before and behind the text of a column


def render(interleaving: Interleaving, width: int) -> Iterator[str]:
    """Lines of at most `width` cells. If there are too many actors for columns, they come below each other.

    A text too long for its column is folded, and cut if it is very long.
    """
    picture = lay_out(interleaving)
    width = max(width, _LEAST_WIDTH)
    if picture.left_out:
        yield _cut(f"{count(picture.left_out, 'earlier step')} not shown.", width)
    if not picture.lanes:
        return
    wanted = [_wanted(picture, lane) for lane in range(len(picture.lanes))]
    widths = _shared(wanted, width + _GAP)
    too_narrow = any(got < min(want, _NARROWEST) for got, want in zip(widths, wanted, strict=True))
    yield from _below_each_other(picture, width) if too_narrow else _side_by_side(picture, widths)
    waits = [f"{lane.name} {what}" for lane, what in zip(picture.lanes, picture.waits, strict=True) if what]
    yield from ["At the end:"] if waits else []
    yield from (line for wait in waits for line in _folded(_line(wait), width, "  "))


def _texts(step: Step, width: int) -> Iterator[str]:
    """A line with the code, if there is any, and one for each thing that came of it; more where they are too long."""
    number = f"{step.line} " if step.line else ""
    if step.line:
        yield from _folded(_line(step.code), width, number)
    for note in step.note.split("; "):
        yield from _folded(_line(note), width, f"{' ' * len(number)}→ " if number else "")


# ------------------------------------------------------------------ columns


def _wanted(picture: LaneDiagram, lane: int) -> int:
    texts = [text for row in picture.rows if row.lane == lane for text in _texts(row.step, _LONGEST_TEXT)]
    name = cell_len(_line(picture.lanes[lane].name))
    return _GAP + max(name, *(_MARK + cell_len(text) for text in texts), 1)  # for the line of who does nothing


def _shared(wanted: list[int], total: int) -> list[int]:
    """Widths of columns: what they want, or equal parts of what those leave that want less."""
    widths, left = dict.fromkeys(range(len(wanted)), 0), total
    for done, column in enumerate(sorted(widths, key=wanted.__getitem__)):
        widths[column] = min(wanted[column], left // (len(wanted) - done))
        left -= widths[column]
    return list(widths.values())


def _side_by_side(picture: LaneDiagram, widths: list[int]) -> Iterator[str]:
    names = [_cut(_line(lane.name), width - _GAP) for lane, width in zip(picture.lanes, widths, strict=True)]
    yield "".join(set_cell_size(name, width) for name, width in zip(names, widths, strict=True)).rstrip()
    for index, row in enumerate(picture.rows):
        if row.before is not None:
            yield _passing(picture, index, widths)
        for text in _texts(row.step, widths[row.lane] - _MARK - _GAP):
            yield _beside_lives(picture, index, text, widths)


def _beside_lives(picture: LaneDiagram, index: int, text: str, widths: list[int]) -> str:
    line = ""
    for number, (lane, width) in enumerate(zip(picture.lanes, widths, strict=True)):
        own = number == picture.rows[index].lane
        mark = "┃ " if own else "│ " if lane.is_alive(index) else ""
        line += set_cell_size(mark + (text if own else ""), width)
    return line.rstrip()


def _passing(picture: LaneDiagram, index: int, widths: list[int]) -> str:
    """An arrow from the lane whose turn has ended to the one whose turn begins."""
    row = picture.rows[index]
    line = [" "] * sum(widths)
    starts = [sum(widths[:number]) for number in range(len(widths))]
    source, target = starts[row.before or 0], starts[row.lane]
    low, high = sorted((source, target))
    line[low : high + 1] = "─" * (high + 1 - low)
    for lane, start in zip(picture.lanes, starts, strict=True):
        if lane.is_alive(index) and start != target:
            line[start] = "┼" if low < start < high else "│"
    line[source] = _corner(row, picture.lanes[row.before or 0].is_alive(index))
    line[target] = "▼"
    return "".join(line).rstrip()


def _corner(row: LaneRow, lives_on: bool) -> str:
    rightwards = row.before is not None and row.before < row.lane
    return ("├" if rightwards else "┤") if lives_on else ("└" if rightwards else "┘")


# ------------------------------------------------------------------ without columns


def _below_each_other(picture: LaneDiagram, width: int) -> Iterator[str]:
    for index, row in enumerate(picture.rows):
        if index == 0 or row.before is not None:
            yield _cut(f"▼ {_line(picture.lanes[row.lane].name)}", width)
        yield from (f"  {text}" for text in _texts(row.step, width - 2))


# ------------------------------------------------------------------ text


def _line(text: str) -> str:
    return " ".join(clean(text, _LONGEST_TEXT).split())


def _folded(text: str, width: int, before: str) -> list[str]:
    """`text` in lines of at most `width` cells, the first of them behind `before`, the others indented as much."""
    room = max(1, width - len(before))
    lines = textwrap.wrap(text, room)
    if any(cell_len(line) > room for line in lines):  # characters as wide as two
        lines = chop_cells(text, room)
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = [_cut(lines[_MOST_LINES - 1] + "…", room)]
    return [f"{' ' * len(before) if number else before}{line}" for number, line in enumerate(lines)]


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
