"""Edits of a text: lines of it, found once, and what stands in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` becomes `new`; what is in both only says where. `line`: where the edit itself is written."""

    line: int
    old: list[str]
    new: list[str]


class EditError(ValueError):
    """This edit cannot be made. `line`: where it is written."""

    def __init__(self, edit: Edit, why: str) -> None:
        super().__init__(why)
        self.line = edit.line


def edited(lines: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """The lines with all edits made, which are found in the lines as they are given. Raises EditError."""
    places = sorted(((_place(lines, edit), edit) for edit in edits), key=lambda found: found[0])
    done, end = list[str](), 0
    for start, edit in places:
        if start < end:
            raise EditError(edit, "this edit and another one change the same lines")
        done += [*lines[end:start], *edit.new]
        end = start + len(edit.old)
    return [*done, *lines[end:]]


def _place(lines: Sequence[str], edit: Edit) -> int:
    """Where the old lines begin."""
    if not edit.old:
        raise EditError(edit, "this edit has no line by which its place is found")
    if edit.old == edit.new:
        raise EditError(edit, "this edit changes nothing")
    length = len(edit.old)
    found = [at for at in range(len(lines) - length + 1) if list(lines[at : at + length]) == edit.old]
    if not found:
        raise EditError(edit, "this edit matches nowhere")
    if len(found) > 1:
        raise EditError(edit, "this edit matches more than once")
    return found[0]
