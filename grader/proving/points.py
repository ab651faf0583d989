"""The points of an exercise as its statement tells them, held against exercise.toml's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.catalogue import Exercise
from grader.results import Kind

# A row of the statement's table: | kind | points | what is looked at |
_ROW = re.compile(rf"\| *({'|'.join(Kind)}) *\| *(\d+(?:\.\d+)?) *\|")


def differences(exercise: Exercise) -> Iterator[str]:
    """Where the statement says other points than exercise.toml; a sentence for each kind of check."""
    said, told = _of_statement(exercise), exercise.points
    for kind in Kind:
        if said.get(kind, 0) != told.get(kind, 0):
            row = f"{said[kind]:g} points for {kind}" if kind in said else f"no row `| {kind} | points |`"
            yield f"{exercise.folder / 'README.md'} has {row}, exercise.toml {told.get(kind, 0):g} points"


def _of_statement(exercise: Exercise) -> Mapping[Kind, float]:
    statement = exercise.folder / "README.md"
    lines = statement.read_text(encoding="utf-8").splitlines() if statement.is_file() else []
    rows = [row for line in lines if (row := _ROW.match(line))]
    return {Kind(row[1]): float(row[2]) for row in rows}
