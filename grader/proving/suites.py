"""Hidden suites, before anything is judged by them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.catalogue import Exercise, load_catalogue
from grader.errors import InputError
from grader.judging.judge import Suite

from .pool import pool


def require_sound(exercises: Sequence[Exercise], workers: int, root: str) -> None:
    """Raises InputError for the first whose suite cannot be collected, or does not agree with its exercise.toml.

    `root`: the checkout that they are from; empty for the kit's own.
    """
    names = [exercise.name for exercise in exercises]
    with pool(max(1, min(workers, len(names)))) as processes:
        for name, trouble in zip(names, processes.map(_trouble, names, [root] * len(names)), strict=True):
            if trouble:
                raise InputError(f"{name} cannot be judged: {trouble}")


def _trouble(name: str, root: str) -> str:
    [exercise] = load_catalogue(Path(root) if root else None).select([name])
    return Suite.collect(exercise).trouble
