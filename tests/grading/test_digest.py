"""The digest of a result moves with all that a verdict depends on, and with nothing else."""

from __future__ import annotations

import functools
import json
import random
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import grader
from grader.catalogue import Exercise, load_catalogue
from grader.grading import digest
from grader.grading.digest import PACKAGES, Digests
from grader.sandbox.interpreter import Interpreter, find_interpreter
from tests.conftest import CHECKOUT

SUBJECT = "producer_consumer"
WITHOUT_PART = (
    *("authoring", "checking", "commands", "exports", "grading", "intake", "proving", "report"),
    *("__main__.py", "atomic.py", "nofollow.py", "py.typed", "pytest_plugin.py", "schema.py"),
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and the exercises, to be changed."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("grader", "exercises"):
        shutil.copytree(CHECKOUT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def digest_in(root: Path) -> str:
    return Digests(interpreter(), "bwrap", root / "grader").of(exercise_in(root), b"")


@functools.cache
def interpreter() -> Interpreter:
    return find_interpreter()


def exercise_in(root: Path) -> Exercise:
    return next(exercise for exercise in load_catalogue(root).exercises if exercise.name == SUBJECT)


def matters(path: Path) -> bool:
    """As the words in grader/grading/digest.py have it, said once more."""
    name = path.as_posix()
    if name.startswith("suites/"):
        return len(path.parts) < 4 or f"/{SUBJECT}/" in name
    return path.parts[0] not in WITHOUT_PART


def touch(file: Path, rng: random.Random) -> list[Path]:
    """Changes something about the file; undone by `undo`. Returns the paths whose content is another one now."""
    renamed, neighbours = file.with_name(f"{file.name}_"), [file.with_name(name) for name in ("new.py", "new")]
    match rng.randrange(4):
        case 0:
            file.write_bytes(file.read_bytes() + b"\n")
            return [file]
        case 1:
            return [file, file.rename(renamed)]
        case 2:
            file.unlink()
            return [file]
        case _:
            neighbour = rng.choice(neighbours)
            neighbour.write_text("")
            return [neighbour]


def undo(file: Path, content: bytes) -> None:
    for name in (f"{file.name}_", "new.py", "new"):
        file.with_name(name).unlink(missing_ok=True)
    file.write_bytes(content)


def test_it_moves_with_every_file_that_matters_and_no_other(checkout: Path) -> None:
    rng, before = random.Random(13), digest_in(checkout)
    package = checkout / "grader"
    files = sorted(file for file in package.rglob("*") if file.is_file())
    folders = sorted({file.parent for file in files} - {package})
    one_of_each = [rng.choice([file for file in files if file.parent == folder]) for folder in folders]
    for file in [*one_of_each, *(file for file in files if file.parent == package)]:
        content = file.read_bytes()
        touched = [path.relative_to(package) for path in touch(file, rng)]
        expected = any(matters(path) for path in touched)
        assert (digest_in(checkout) != before) == expected, touched
        undo(file, content)
    assert digest_in(checkout) == before


@pytest.mark.parametrize("name", [f"{SUBJECT}.py", "exercise.toml"])
def test_it_moves_with_what_is_handed_out(name: str, checkout: Path) -> None:
    file, before = exercise_in(checkout).folder / name, digest_in(checkout)
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    assert digest_in(checkout) != before
    file.write_bytes(content)
    (file.parent / "hints.md").write_text("Think.")
    assert digest_in(checkout) == before


def test_a_file_that_moves_is_another_one(checkout: Path) -> None:
    """Content and name stay, the folder does not."""
    before = digest_in(checkout)
    file = checkout / "grader" / "evidence" / "compare.py"
    moved = file.rename(checkout / "grader" / "judging" / "compare.py")
    assert digest_in(checkout) != before
    moved.rename(file)


def test_it_moves_with_the_source_the_python_and_the_rung() -> None:
    exercise, here = exercise_in(CHECKOUT), interpreter()
    other = Interpreter(here.executable, "3.99.0", here.prefixes)
    found = [
        Digests(here, "bwrap").of(exercise, b""),
        Digests(here, "bwrap").of(exercise, b"\n"),
        Digests(here, "landlock").of(exercise, b""),
        Digests(other, "bwrap").of(exercise, b""),
    ]
    assert len(set(found)) == len(found)
    assert Digests(here, "bwrap").of(exercise, b"") == found[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_it_moves_with_the_version_of_every_package(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of an installation that lies before the real one, and holds nothing but the word of a version."""
    exercise, here = exercise_in(CHECKOUT), interpreter()
    before = Digests(here, "bwrap").of(exercise, b"")
    about = tmp_path / f"{package.replace('-', '_')}-99.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 99\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert Digests(here, "bwrap").of(exercise, b"") != before


# What a worker that can judge any exercise has imported: its own modules, and of others which distributions.
_ASK = """
import json, os, sys
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # as a worker does
at_start = set(sys.modules)
from grader.engines import worker
from grader.catalogue import load_catalogue
from grader.judging.judge import Suite
for exercise in load_catalogue().exercises:
    assert not Suite.collect(exercise).trouble, exercise.name
found = {name: getattr(sys.modules[name], "__file__", None) for name in set(sys.modules) - at_start}
print(json.dumps({name: file for name, file in found.items() if file}))
"""


def test_it_covers_whatever_a_worker_imports() -> None:
    asked = subprocess.run([sys.executable, "-P", "-c", _ASK], capture_output=True, text=True, check=True, cwd="/")
    modules: dict[str, str] = json.loads(asked.stdout.splitlines()[-1])
    package = Path(grader.__file__).parent
    own = {Path(file) for file in modules.values() if Path(file).is_relative_to(package)}
    assert own - set(digest._of_the_judge(package)) - set(package.glob("suites/*/*/*")) == set()
    distributions = metadata.packages_distributions()
    foreign = {distribution for name in modules for distribution in distributions.get(name.partition(".")[0], [])}
    assert {name.lower() for name in foreign} <= {*PACKAGES, "concurrency-kit"}
