"""One unit of grading: one student's file for one exercise."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader import __version__
from grader.catalogue import Exercise
from grader.serialization import from_json, to_json

_PACKAGE = Path(__file__).parent.parent
# What a verdict depends on besides the student's file and the suite: the judge itself.
_JUDGE_FOLDERS = ("player", "sandbox", "evidence", "judging", "cuda")


@dataclass(frozen=True, slots=True)
class Job:
    """`key` identifies it within a run; `exercise` is a name in the catalogue at `root`.

    `only`: the one check that is wanted, with what it depends on. `schedules`: how many to explore, where that is not
    what the suite says.
    """

    key: str
    exercise: str
    source: bytes
    seed: int
    only: str = ""
    schedules: int = 0

    def to_line(self) -> bytes:
        """One line of JSON, as a worker reads it."""
        return json.dumps(to_json(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Job:
        return from_json(cls, json.loads(line))


def digest(exercise: Exercise, source: bytes, python: str, rung: str) -> str:
    """Names everything a result depends on but the seed: equal digests need not be graded twice."""
    parts = [__version__, python, rung, exercise.name, _folder_digest(exercise.suite), _judge_digest()]
    handed_out = [exercise.folder / "exercise.toml", exercise.stub, *exercise.given_files]
    parts += [hashlib.sha256(file.read_bytes()).hexdigest() for file in handed_out]
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + source).hexdigest()


@lru_cache
def _judge_digest() -> str:
    return "".join(_folder_digest(_PACKAGE / name) for name in _JUDGE_FOLDERS)


@lru_cache
def _folder_digest(folder: Path) -> str:
    content = hashlib.sha256()
    for file in sorted(folder.rglob("*.*")):
        if "__pycache__" in file.parts or not file.is_file():
            continue
        content.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()
