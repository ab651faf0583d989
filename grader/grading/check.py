"""Judging one file."""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path

from grader.catalogue import load_catalogue
from grader.engines.jobs import Job
from grader.engines.local import run_jobs
from grader.engines.settings import find_settings
from grader.errors import InputError
from grader.results import ExerciseResult


def check(
    exercise: str,
    source: str | bytes | Path,
    *,
    python: str | None = None,
    seed: int | None = None,
    accept_reduced_isolation: bool = False,
    root: Path | None = None,
) -> ExerciseResult:
    """Judges one solution of `exercise` by its hidden suite, in the sandbox, and writes nothing.

    `source` is Python as text or bytes, or the Path of a file. `python`: the Python that runs it (default: this one).
    `seed`: of all random inputs, to repeat a run. `root`: a checkout with other exercises than the kit's.

    Raises InputError for an exercise that there is not, a file that cannot be read, or a Python that cannot be used,
    and InfrastructureError where the machine cannot judge.
    """
    known = [known.name for known in load_catalogue(root).exercises]
    if exercise not in known:
        raise InputError(f"There is no exercise called {exercise}; there are {', '.join(known)}.")
    content = _content(source)
    settings, _, _ = find_settings(python, accept_reduced_isolation, root)
    job = Job(exercise, exercise, content, secrets.randbelow(1 << 31) if seed is None else seed)
    with closing(run_jobs([job], 1, settings)) as judged:
        _, result = next(judged)
    return result


def _content(source: str | bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes() if isinstance(source, Path) else source.encode()
    except OSError as e:
        raise InputError(f"{source} cannot be read ({e.strerror}).") from e
    except UnicodeEncodeError as e:
        raise InputError(f"The source is no text that can be a file ({e.reason}).") from e
