"""What a result depends on, in one short text: where two are equal, nothing need be judged again."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path

import grader
from grader.catalogue import Exercise
from grader.cuda.compiler import CompilerMissingError, find_compiler_of_players
from grader.sandbox.interpreter import Interpreter
from grader.sandbox.packages import PackageMissingError, all_needed
from grader.sandbox.provision import folders_of
from grader.sandbox.view import PATH

_PACKAGE = Path(grader.__file__).parent
# All of the package counts, but for what has no part in a verdict. Suites and exercises count each for itself.
_WITHOUT_PART = {
    *("authoring", "checking", "commands", "exports", "grading", "intake", "proving", "report", "exercises"),
    *("__main__.py", "atomic.py", "nofollow.py", "py.typed", "pytest_plugin.py", "schema.py"),
}
_BESIDE_THE_SUITE = 3  # suites/<topic>/<exercise>: what lies above is everybody's
# What suites and the judge import, what players are given of it, and what these need.
PACKAGES = (
    *("billiard", "celery", "freezegun", "gevent", "greenlet", "hypothesis", "iniconfig", "kombu", "msgspec", "numpy"),
    *("packaging", "pillow", "pluggy", "psutil", "pygments", "pytest", "python-dateutil", "reactivex", "six"),
    *("sortedcontainers", "typing_extensions", "vine"),
)


@dataclass(frozen=True)
class Digests:
    """Names what results depend on, seed aside, when judged with this Python on this rung of the sandbox.

    `package` is the folder of the kit's own code.
    """

    interpreter: Interpreter
    rung: str
    package: Path = _PACKAGE
    _of_exercises: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def of(self, exercise: Exercise, source: bytes) -> str:
        """Of one student's file for an exercise."""
        if exercise.name not in self._of_exercises:
            parts = [*self._place, *_about(exercise, self.interpreter)]
            self._of_exercises[exercise.name] = _hash("\n".join(parts).encode())
        return _hash(self._of_exercises[exercise.name].encode() + source)

    @cached_property
    def _place(self) -> list[str]:
        """What all exercises have in common."""
        versions = [_version(name, sys.path) for name in PACKAGES]
        pythons = [platform.python_version(), self.interpreter.version]
        judge = _contents(self.package, _of_the_judge(self.package))
        return [grader.__version__, *pythons, self.rung, *versions, *judge]


def _about(exercise: Exercise, interpreter: Interpreter) -> Iterator[str]:
    yield exercise.name
    yield from _contents(exercise.suite, _files(exercise.suite))
    yield from _contents(exercise.folder, [exercise.folder / "exercise.toml", exercise.stub, *exercise.given_files])
    yield from _brought_along(exercise.packages, interpreter)


def _brought_along(packages: frozenset[str], interpreter: Interpreter) -> Iterator[str]:
    """The versions of what comes into the sandbox from elsewhere: installed for that Python, or the compiler."""
    needed = all_needed(packages)
    names = {module.partition(".")[0] for package in needed for module in package.imported}
    try:
        folders = folders_of(needed, interpreter)
        yield from sorted(_version(name, folders) for name in names)
        if "pycuda" in packages:
            compiler = find_compiler_of_players(PATH)
            program, *options = compiler.command
            yield " ".join([Path(program).name, *options, compiler.version])
    except (PackageMissingError, CompilerMissingError) as e:
        yield str(e)


def _version(name: str, folders: list[str]) -> str:
    found = next(iter(metadata.distributions(name=name, path=folders)), None)
    return f"{name} {found.version if found is not None else 'is missing'}"


def _of_the_judge(package: Path) -> Iterator[Path]:
    for file in _files(package):
        parts = file.relative_to(package).parts
        of_an_exercise = parts[0] == "suites" and len(parts) > _BESIDE_THE_SUITE
        if parts[0] not in _WITHOUT_PART and not of_an_exercise:
            yield file


def _files(folder: Path) -> Iterator[Path]:
    """All that somebody has put there."""
    return (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _contents(folder: Path, files: Iterable[Path]) -> list[str]:
    return sorted(f"{file.relative_to(folder).as_posix()!a} {_hash(file.read_bytes())}" for file in files)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
