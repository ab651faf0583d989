"""What is in `solutions/NN_topic/<exercise>/`: the right solutions, and the flawed ones, which are changes of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.catalogue import Catalogue, Exercise
from grader.errors import InputError

from .flaws import REFERENCE, Flaw, FlawsError, body, lay_out, parse

_LEAST_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Solutions:
    """The sources: `right` by what flaws call them, `reference` or `alternatives/<stem>`, `flawed` by the flaw."""

    right: Mapping[str, bytes]
    flaws: list[Flaw]
    flawed: Mapping[str, bytes]

    @property
    def reference(self) -> bytes:
        return self.right[REFERENCE]


def read_solutions(catalogue: Catalogue, exercise: Exercise) -> Solutions:
    """Raises InputError where a file is missing, or flaws cannot be used as they are written."""
    if catalogue.solutions is None:
        raise InputError("This installation holds no solutions; run this from a checkout of the kit.")
    folder = catalogue.solutions / exercise.topic / exercise.name
    reference, written = folder / f"{exercise.name}.py", folder / f"{exercise.name}.flaws"
    alternatives = sorted(folder.glob("alternatives/*.py"))
    if not (reference.is_file() and written.is_file() and len(alternatives) >= _LEAST_ALTERNATIVES):
        raise InputError(
            f"{folder} needs {reference.name}, at least two files in alternatives/, and {written.name} with the flaws."
        )
    files = {REFERENCE: reference} | {f"alternatives/{file.stem}": file for file in alternatives}
    try:
        flaws, flawed = _read_flaws(written, files, list(exercise.checks))
    except FlawsError as e:
        raise InputError(f"{written}, line {e.line}: {e}.") from e
    return Solutions({name: file.read_bytes() for name, file in files.items()}, flaws, flawed)


def _read_flaws(written: Path, bases: Mapping[str, Path], checks: list[str]) -> tuple[list[Flaw], dict[str, bytes]]:
    """The flaws, and the source of each. Raises FlawsError."""
    bodies = {name: _body(file) for name, file in bases.items()}
    flaws = parse(_read(written))
    for flaw in flaws:
        if flaw.check not in checks:
            raise FlawsError(flaw.line, f"exercise.toml names no check {flaw.check}; it names {', '.join(checks)}")
        if flaw.base not in bodies:
            raise FlawsError(flaw.line, f"there is no right solution {flaw.base}; there are {', '.join(bodies)}")
    return flaws, {flaw.name: lay_out(flaw, bodies[flaw.base]).encode() for flaw in flaws}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise InputError(f"{file} is not UTF-8 text.") from e


def _body(file: Path) -> list[str]:
    try:
        return body(_read(file))
    except SyntaxError as e:
        raise InputError(f"{file}, line {e.lineno}: this is not Python ({e.msg}).") from e
