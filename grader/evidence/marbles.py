"""Marble diagrams, as text: streams one below the other, for feedback about what happened when.

    seconds     0  0.5  1  1.25
    keystrokes  ^--a
    search 1    --------^a-(1a |)
    results     -----------1a

`^` is where somebody subscribes, `!` where they unsubscribe, `|` the end and `#` an error. What happened in the same
moment stands in brackets. Each column is a moment at which something happened, however long after the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Stream = Iterable[tuple[float, str]]  # moments, in their order, and what is written there
Diagram = Mapping[str, Stream]

_WIDTH = 100
_MORE = "…"


def side_by_side(expected: Diagram, seen: Diagram, unit: str = "seconds") -> tuple[str, str]:
    """Both as text, with the same columns: those that there is room for, around the first that is different."""
    drawn = {_EXPECTED: _cells(expected), _SEEN: _cells(seen)}
    moments = sorted({moment for cells in drawn.values() for row in cells.values() for moment in row})
    widths = [_width_at(moment, drawn.values()) for moment in moments]
    names = max(len(name) for name in (unit, *expected, *seen)) + 2
    first = next((n for n, moment in enumerate(moments) if _differ(moment, *drawn.values())), 0)
    shown = _around(first, widths, _WIDTH - names - 2 * len(_MORE))
    left_out = (shown.start > 0, shown.stop < len(moments))
    columns = [(moments[n], widths[n]) for n in shown]
    wanted, got = (_text(unit, names, columns, left_out, cells) for cells in drawn.values())
    return wanted, got


_EXPECTED, _SEEN = "expected", "seen"
_Cells = dict[str, dict[float, str]]


def _cells(diagram: Diagram) -> _Cells:
    """Of each stream, what is written at which moment."""
    rows: _Cells = {}
    for name, stream in diagram.items():
        marks: dict[float, list[str]] = {}
        for moment, mark in stream:
            marks.setdefault(moment, []).append(mark)
        rows[name] = {moment: _together(those) for moment, those in marks.items()}
    return rows


def _together(marks: list[str]) -> str:
    return marks[0] if len(marks) == 1 else f"({' '.join(marks)})"


def _width_at(moment: float, drawn: Iterable[_Cells]) -> int:
    written = [row.get(moment, "") for cells in drawn for row in cells.values()]
    return max(len(text) for text in (*written, f"{moment:g}")) + 2


def _differ(moment: float, expected: _Cells, seen: _Cells) -> bool:
    return any(expected.get(name, {}).get(moment) != seen.get(name, {}).get(moment) for name in {*expected, *seen})


def _around(place: int, widths: list[int], room: int) -> range:
    """As many columns as there is room for, this one among them, and those before it rather than those behind."""
    start = stop = place
    while start > 0 and sum(widths[start - 1 : place + 1]) <= room:
        start -= 1
    while stop < len(widths) and (stop == place or sum(widths[start : stop + 1]) <= room):
        stop += 1
    return range(start, stop)


def _text(unit: str, names: int, columns: list[tuple[float, int]], left_out: tuple[bool, bool], cells: _Cells) -> str:
    before, behind = (_MORE if more else "" for more in left_out)
    head = "".join(f"{moment:g}".ljust(width) for moment, width in columns)
    lines = [unit.ljust(names) + " " * len(before) + head.rstrip()]
    for name, row in cells.items():
        drawn = "".join(row.get(moment, "").ljust(width, "-") for moment, width in columns)
        lines.append(name.ljust(names) + before + drawn.rstrip("-").ljust(1, "-") + behind)
    return "\n".join(lines)
