"""The exercises on disk: what students get, what judges them, what solves them."""

from __future__ import annotations

import fnmatch
import tomllib
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.errors import InputError
from grader.results import Kind
from grader.sandbox.limits import Limits
from grader.sandbox.packages import PACKAGES

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


@dataclass(frozen=True, slots=True)
class HiddenCheck:
    """What exercise.toml says of a check of the hidden suite."""

    kind: Kind
    points: float


@dataclass(frozen=True)
class Exercise:
    """One exercise: `exercise.toml` and where its parts lie. `checks` are those of the hidden suite, by name."""

    name: str
    topic: str
    title: str
    summary: str
    interface: list[str]
    checks: dict[str, HiddenCheck]
    folder: Path
    suite: Path
    prerequisites: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    packages: frozenset[str] = frozenset()  # that the sandbox has besides the standard library
    given: list[str] = field(default_factory=list)  # files beside the stub that a submission may import
    reference: Path | None = None  # the solution that shows what can be judged here, where it is installed

    @property
    def points(self) -> dict[Kind, float]:
        """All points that there are for each kind of check."""
        kinds = dict.fromkeys(check.kind for check in self.checks.values())
        return {kind: sum(check.points for check in self.checks.values() if check.kind is kind) for kind in kinds}

    @property
    def max_score(self) -> float:
        return sum(check.points for check in self.checks.values())

    @property
    def stub(self) -> Path:
        return self.folder / f"{self.name}.py"

    @property
    def given_files(self) -> list[Path]:
        return [self.folder / name for name in self.given]

    @property
    def public_tests(self) -> Path:
        return self.folder / f"test_{self.name}.py"

    @property
    def hidden_tests(self) -> Path:
        return self.suite / f"test_{self.name}.py"

    @cached_property
    def scenarios(self) -> str:
        """The source of the code that drives the student's functions inside the sandbox."""
        return (self.suite / "scenarios.py").read_text()


@dataclass(frozen=True)
class Catalogue:
    """All exercises, in teaching order. `solutions` is None where the kit was installed without them."""

    exercises: list[Exercise]
    solutions: Path | None = None

    def select(self, patterns: list[str]) -> list[Exercise]:
        """The exercises whose name or topic matches one of the patterns (all, if there are none). Raises InputError."""
        if not patterns:
            return self.exercises
        wanted = set()
        for pattern in patterns:
            matches = {
                e.name for e in self.exercises if fnmatch.fnmatch(e.name, pattern) or fnmatch.fnmatch(e.topic, pattern)
            }
            if not matches:
                known = ", ".join(e.name for e in self.exercises)
                raise InputError(f"There is no exercise or topic called {pattern}; there are {known}.")
            wanted |= matches
        return [exercise for exercise in self.exercises if exercise.name in wanted]


def load_catalogue(root: Path | None = None) -> Catalogue:
    """The catalogue of this installation, or of a checkout at `root`. Raises InputError for a broken exercise.toml."""
    if root is None:
        root = _CHECKOUT if (_CHECKOUT / "exercises").is_dir() else _PACKAGE
    suites = root / "grader" / "suites" if (root / "grader").is_dir() else root / "suites"
    files = sorted((root / "exercises").glob("*/*/exercise.toml"))
    if not files:
        raise InputError(f"{root / 'exercises'} holds no exercise (no */*/exercise.toml).")
    solutions = root / "solutions"
    exercises = [_with_reference(read_exercise(file, suites), solutions) for file in files]
    return Catalogue(_in_teaching_order(exercises), solutions if solutions.is_dir() else None)


def _with_reference(exercise: Exercise, solutions: Path) -> Exercise:
    file = solutions / exercise.topic / exercise.name / f"{exercise.name}.py"
    return replace(exercise, reference=file) if file.is_file() else exercise


def _in_teaching_order(exercises: list[Exercise]) -> list[Exercise]:
    """By topic, and within a topic after all prerequisites, otherwise by name. Raises InputError if that cannot be."""
    left, ordered = {exercise.name: exercise for exercise in exercises}, list[Exercise]()
    while left:
        ready = [e for e in left.values() if not any(name in left for name in e.prerequisites)]
        if not ready:
            circle = ", ".join(left)
            raise InputError(f"The prerequisites in exercise.toml of {circle} go round in a circle.")
        first = min(ready, key=lambda e: (e.topic, e.name))
        ordered.append(left.pop(first.name))
    return ordered


def read_exercise(file: Path, suites: Path) -> Exercise:
    """One exercise from its exercise.toml. Raises InputError naming the file and what is wrong in it."""
    folder = file.parent
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return _build(data, folder, suites / folder.parent.name / folder.name)
    except OSError as e:
        raise InputError(f"{file} cannot be read ({e.strerror}).") from e
    except RecursionError as e:
        raise InputError(f"{file} is nested too deeply to be read.") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise InputError(f"{file} is not valid TOML: {e}.") from e
    except (KeyError, ValueError, TypeError, AttributeError) as e:
        reason = f"it lacks the key {e}" if isinstance(e, KeyError) else str(e)
        raise InputError(f"{file} does not describe an exercise: {reason}.") from e


def _build(data: dict[str, Any], folder: Path, suite: Path) -> Exercise:
    known = {"title", "summary", "interface", "prerequisites", "points", "limits", "packages", "given"}
    if unknown := set(data) - known:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    return Exercise(
        name=folder.name,
        topic=folder.parent.name,
        title=_text(data["title"], "title"),
        summary=_text(data["summary"], "summary"),
        interface=_texts(data["interface"], "interface"),
        checks=_checks(data["points"]),
        folder=folder,
        suite=suite,
        prerequisites=_texts(data.get("prerequisites", []), "prerequisites"),
        limits=_limits(data.get("limits", {})),
        packages=_packages(data.get("packages", [])),
        given=_given(data.get("given", []), folder),
    )


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a text that is not empty")
    return value


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} must be a list of texts")
    return value


def _packages(value: object) -> frozenset[str]:
    names = frozenset(_texts(value, "packages"))
    if unknown := names - set(PACKAGES):
        raise ValueError(f"packages may name {', '.join(PACKAGES)}, not {sorted(unknown)[0]!r}")
    return names


def _given(value: object, folder: Path) -> list[str]:
    names = _texts(value, "given")
    if strange := [name for name in names if Path(name).name != name or not (folder / name).is_file()]:
        raise ValueError(f"given names {strange[0]!r}, which is no file in {folder}")
    return names


def _positive(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise ValueError(f"{name} must be a number above 0")
    return value


def _table(value: object, name: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a table")
    return value


def _checks(value: object) -> dict[str, HiddenCheck]:
    checks: dict[str, HiddenCheck] = {}
    for kind, named in _table(value, "points").items():
        if kind not in set(Kind):
            raise ValueError(f"points may be of the kinds {', '.join(Kind)}, not {kind!r}")
        for name, check in _checks_of(Kind(kind), named).items():
            if name in checks:
                raise ValueError(f"points names {name} twice, below {checks[name].kind} and below {kind}")
            checks[name] = check
    if not checks:
        raise ValueError("points must name at least one check")
    return checks


def _checks_of(kind: Kind, value: object) -> dict[str, HiddenCheck]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f"points.{kind} must be a table of checks and their points, as test_something = 1")
    if strange := [name for name in value if not (name.startswith("test_") and name.isidentifier())]:
        raise ValueError(f"points.{kind} names {strange[0]!r}, which cannot be a test")
    return {name: HiddenCheck(kind, _positive(points, f"points.{kind}.{name}")) for name, points in value.items()}


def _limits(value: object) -> Limits:
    data = _table(value, "limits")
    known = {f.name: f.type for f in fields(Limits)}
    if unknown := set(data) - set(known):
        raise ValueError(f"unknown limit {sorted(unknown)[0]!r}")
    values = {name: _positive(value, f"limits.{name}") for name, value in data.items()}
    if broken := next((name for name, v in values.items() if known[name] == "int" and v != int(v)), None):
        raise ValueError(f"limits.{broken} must be a whole number")
    return Limits(**{name: int(v) if known[name] == "int" else float(v) for name, v in values.items()})  # type: ignore[arg-type]
