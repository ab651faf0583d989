"""The result files of a grading run: `results.json` for the class, and one per student and exercise.

Students' files have a folder of their own: nobody's name can be that of a file that the grader writes.
"""

import json
from pathlib import Path
from typing import Any

from grader.atomic import write_atomically
from grader.errors import InputError
from grader.nofollow import read_plain
from grader.results import SCHEMA_VERSION, ClassResults, ExerciseResult
from grader.serialization import from_json, to_json

RESULTS_FILE = "results.json"
_STUDENTS = "students"


def save_exercise(out: Path, folder: str, result: ExerciseResult) -> Path:
    """Write `out/students/<folder>/<exercise>.json`. Raises InfrastructureError when it cannot be written."""
    return _save(_exercise_file(out, folder, result.exercise), result)


def load_exercise(out: Path, folder: str, exercise: str) -> ExerciseResult | None:
    """The saved result, or None when there is none or it is damaged: that only costs grading again."""
    try:
        return from_json(ExerciseResult, _load(_exercise_file(out, folder, exercise)))
    except (OSError, ValueError):
        return None


def save_results(out: Path, results: ClassResults) -> Path:
    """Write `out/results.json`. Raises InfrastructureError when it cannot be written."""
    return _save(out / RESULTS_FILE, results)


def load_results(out: Path) -> ClassResults:
    """Read `out/results.json`. Raises InputError when it is missing, damaged or written by a newer kit."""
    path = out.resolve() / RESULTS_FILE
    try:
        data = _load(path)
        _check_version(path, data)
        return from_json(ClassResults, data)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: give the folder that `grader grade --out` wrote.") from None
    except OSError as e:
        raise InputError(f"{path} cannot be read ({e.strerror or e}): check the path and its permissions.") from e
    except ValueError as e:
        raise InputError(f"{path} is damaged or no results file: run `grader grade` again with --resume.") from e


def holds_results(out: Path) -> bool:
    """Whether any exercise's result is there."""
    return next(out.glob(f"{_STUDENTS}/*/*.json"), None) is not None


def _exercise_file(out: Path, folder: str, exercise: str) -> Path:
    return out / _STUDENTS / folder / f"{exercise}.json"


def _save(path: Path, value: ClassResults | ExerciseResult) -> Path:
    write_atomically(path, json.dumps(to_json(value), indent=2, allow_nan=False) + "\n")
    return path


def _load(path: Path) -> Any:
    """The JSON value in `path`. Raises ValueError when it is none, OSError when the file cannot be read."""
    try:
        return json.loads(read_plain(path))
    except RecursionError as e:
        raise ValueError("nested too deeply") from e


def _check_version(path: Path, data: Any) -> None:
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, int):
        raise ValueError("no schema_version")
    if version > SCHEMA_VERSION:
        raise InputError(
            f"{path} was written by a newer kit (version {version}, this one reads {SCHEMA_VERSION}): "
            "upgrade concurrency-kit."
        )
