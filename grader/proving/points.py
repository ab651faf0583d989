"""The points of an exercise, which stand in three places: its suite's marks, its statement, and exercise.toml."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from grader.catalogue import Exercise
from grader.results import Check, Kind

# A row of the statement's table: | kind | points | what is looked at |
_ROW = re.compile(rf"\| *({'|'.join(Kind)}) *\| *(\d+(?:\.\d+)?) *\|")


def differences(exercise: Exercise, checks: Sequence[Check]) -> Iterator[str]:
    """Where the suite's checks, or the statement, say other points than exercise.toml; a sentence each."""
    places = {exercise.hidden_tests.name: _of_checks(checks), "README.md": _of_statement(exercise)}
    for place, points in places.items():
        for kind in Kind:
            said, told = points.get(kind, 0), exercise.points.get(kind, 0)
            if said != told:
                yield f"{exercise.name}: {place} has {said:g} points for {kind}, exercise.toml {told:g}"


def _of_checks(checks: Sequence[Check]) -> Mapping[Kind, float]:
    points: dict[Kind, float] = defaultdict(float)
    for check in checks:
        points[check.kind] += check.max_points
    return points


def _of_statement(exercise: Exercise) -> Mapping[Kind, float]:
    statement = exercise.folder / "README.md"
    lines = statement.read_text(encoding="utf-8").splitlines() if statement.is_file() else []
    rows = [row for line in lines if (row := _ROW.match(line))]
    return {Kind(row[1]): float(row[2]) for row in rows}
