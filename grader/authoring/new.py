"""A new exercise, which begins as a copy of the one in `template/` under another name.

The template is laid out as a checkout of the kit is, and is an exercise like any other: `verify` accepts it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import keyword
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.catalogue import Catalogue
from grader.errors import InfrastructureError, InputError

_TEMPLATE = Path(__file__).parent / "template"
_TOPIC, _NAME = "00_topic", "exercise_name"  # what the template's are called, also in its texts
_PLACES = ("exercises", "solutions", "grader/suites")


@dataclass(frozen=True, slots=True)
class Created:
    """What was written, relative to the checkout's `root`; `new_topic`: no exercise had that topic before."""

    topic: str
    name: str
    root: Path
    files: list[Path]
    new_topic: bool


def create_exercise(path: str, root: Path, catalogue: Catalogue) -> Created:
    """Writes the three folders of the exercise `path` ("NN_topic/name") into the checkout at `root`.

    Raises InputError for a name that cannot be, or is taken, and InfrastructureError where nothing can be written; then
    nothing new is left behind. Nothing that exists is touched.
    """
    topic, _, name = path.partition("/")
    _require_good_names(path)
    _require_checkout(root)
    _require_unused(topic, name, root, catalogue)
    try:
        with contextlib.ExitStack() as undo:
            for place in _PLACES:
                _make_folder(root / place / topic / name, undo)
            files = [_write(file, root, topic, name) for file in _template_files()]
            undo.pop_all()
    except OSError as e:
        raise InfrastructureError(f"{e.filename or root} could not be written ({e.strerror or e}).") from e
    new_topic = topic not in {exercise.topic for exercise in catalogue.exercises}
    return Created(topic, name, root, files, new_topic)


def _require_good_names(path: str) -> None:
    if not re.fullmatch(r"[0-9]{2}_[a-z][a-z0-9_]*/[a-z][a-z0-9_]*", path):
        raise InputError(
            f"{path!r} is no name of an exercise: write NN_topic/name, for instance 01_threads/add_up, with two digits "
            "and otherwise small letters, digits and underscores."
        )
    name = path.partition("/")[2]
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise InputError(f"{name} is a word or a module of Python's own: students could not import their file.")
    if importlib.util.find_spec(name) is not None:
        raise InputError(f"{name} is the name of a module that is installed: the student's file would hide it.")
    if name.startswith("test_"):
        raise InputError(f"{name} would be taken for a test: pytest collects what begins with test_.")


def _require_checkout(root: Path) -> None:
    if not all((root / place).is_dir() for place in _PLACES):
        raise InputError(f"{root} is no checkout of the kit: it lacks {', '.join(_PLACES[:-1])} or {_PLACES[-1]}.")


def _require_unused(topic: str, name: str, root: Path, catalogue: Catalogue) -> None:
    taken = {exercise.name: exercise.topic for exercise in catalogue.exercises}
    if name in taken:
        raise InputError(f"{name} is taken by {taken[name]}/{name}: submissions are told apart by this name alone.")
    other = next((t for t in taken.values() if t[:2] == topic[:2] and t != topic), None)
    if other:
        raise InputError(f"{topic} cannot be a topic beside {other}, which has the same number.")
    if found := next((path for place in _PLACES if (path := root / place / topic / name).exists()), None):
        raise InputError(f"{found} exists: move it away, for nothing is overwritten.")


def _make_folder(folder: Path, undo: contextlib.ExitStack) -> None:
    """Makes it, and its topic's where that is new."""
    for part in (folder.parent, folder):
        if part is folder or not part.exists():
            part.mkdir()
            undo.callback(shutil.rmtree, part, ignore_errors=True)


def _template_files() -> Iterator[Path]:
    """In the order in which one works on them."""
    for place in _PLACES:
        files = (_TEMPLATE / place).rglob("*")
        yield from sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _write(file: Path, root: Path, topic: str, name: str) -> Path:
    def renamed(text: str) -> str:
        return text.replace(_TOPIC, topic).replace(_NAME, name)

    path = Path(renamed(str(file.relative_to(_TEMPLATE))))
    (root / path).parent.mkdir(exist_ok=True)
    with (root / path).open("x", encoding="utf-8") as written:
        written.write(renamed(file.read_text(encoding="utf-8")))
    return path
