"""Which of the student's files are meant, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.catalogue import Catalogue, Exercise
from grader.errors import InputError


def find_solutions(targets: Sequence[str], catalogue: Catalogue, here: Path) -> list[tuple[Exercise, Path]]:
    """The student's file for each exercise, in the order asked for; without targets all that are in `here`.

    A target is an exercise, a topic, a glob, a file named after an exercise, or a folder. Raises InputError.
    """
    found: dict[Path, Exercise] = {}
    for target in targets or ["."]:
        found |= _resolve(target, catalogue, here)
    return [(exercise, file) for file, exercise in found.items()]


def _resolve(target: str, catalogue: Catalogue, here: Path) -> dict[Path, Exercise]:
    path = here / target
    if path.suffix == ".py":
        return {path.resolve(): _exercise_of(path, catalogue)}
    try:
        exercises = catalogue.select([target])
    except InputError:
        if not path.is_dir():
            raise
        return _in_folder(path, catalogue.exercises)
    return _in_folder(here, exercises)


def _exercise_of(file: Path, catalogue: Catalogue) -> Exercise:
    exercise = next((e for e in catalogue.exercises if e.name == file.stem), None)
    if not file.is_file():
        raise InputError(f"There is no file {file}.")
    if exercise is None:
        known = ", ".join(f"{e.name}.py" for e in catalogue.exercises)
        raise InputError(f"{file} is not named after an exercise; it must be one of {known}.")
    return exercise


def _in_folder(folder: Path, exercises: Iterable[Exercise]) -> dict[Path, Exercise]:
    """The files of those of the exercises that have one. Raises InputError if none has."""
    exercises = list(exercises)
    found = {
        file.resolve(): exercise
        for exercise in exercises
        if (file := next((place for place in _places(folder, exercise) if place.is_file()), None)) is not None
    }
    if not found:
        wanted = f"{exercises[0].name}.py" if len(exercises) == 1 else "file of an exercise"
        raise InputError(f"There is no {wanted} in {folder}, in a folder of its name there, or in one of its topic.")
    return found


def _places(folder: Path, exercise: Exercise) -> list[Path]:
    """Where a student's file may lie; the last is a checkout of the kit."""
    name, own = f"{exercise.name}.py", Path(exercise.name)
    topics = [Path(exercise.topic) / own, Path("exercises") / exercise.topic / own]
    return [folder / place / name for place in (Path(), own, *topics)]
