"""What a check of a hidden suite says of itself, and whether exercise.toml says the same.

A check has one of the marks `correctness`, `concurrency` and `speedup`, with `depends_on=` where it builds on an
earlier check. Its points are written in exercise.toml only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

from grader.catalogue import Exercise
from grader.results import Kind


@dataclass(frozen=True, slots=True)
class Mark:
    """`depends_on`: the earlier check that must have passed for this one to be judged; empty if there is none."""

    kind: Kind
    depends_on: str = ""


def read_mark(item: pytest.Item) -> Mark:
    """The mark of a check. Raises ValueError if it has none, several, or one that says something else."""
    kinds = {str(kind) for kind in Kind}
    marks = [mark for mark in item.iter_markers() if mark.name in kinds]
    if len(marks) != 1:
        raise ValueError(f"needs exactly one of the marks {', '.join(Kind)}")
    (mark,) = marks
    if mark.args or set(mark.kwargs) - {"depends_on"}:
        raise ValueError("has a mark that says more than depends_on=; its points are written in exercise.toml")
    return Mark(Kind(mark.name), mark.kwargs.get("depends_on", ""))


def disagreements(exercise: Exercise, items: Iterable[pytest.Item]) -> Iterator[str]:
    """A sentence for each check that the suite and exercise.toml do not describe alike."""
    toml, suite = exercise.folder / "exercise.toml", exercise.hidden_tests
    seen: set[str] = set()
    for item in items:
        if not (getattr(item, "function", None).__doc__ or "").strip():
            yield f"{item.name} of {suite} has no docstring, which is the title that students read."
        try:
            mark = read_mark(item)
        except ValueError as e:
            yield f"{item.name} of {suite} {e}."
        else:
            yield from _about(item.name, mark, exercise, seen)
        seen.add(item.name)
    for name in exercise.checks:
        if name not in seen:
            yield f"{toml} gives points to {name}, which is no check of {suite}."


def _about(name: str, mark: Mark, exercise: Exercise, earlier: set[str]) -> Iterator[str]:
    toml, suite = exercise.folder / "exercise.toml", exercise.hidden_tests
    promised = exercise.checks.get(name)
    if promised is None:
        yield f"{name} of {suite} has no points in {toml}: name it below [points.{mark.kind}]."
    elif promised.kind is not mark.kind:
        yield f"{name} is marked {mark.kind} in {suite}, and {toml} names it below [points.{promised.kind}]."
    if mark.depends_on and mark.depends_on not in earlier:
        yield f"{name} of {suite} depends on {mark.depends_on}, which is not an earlier check."
