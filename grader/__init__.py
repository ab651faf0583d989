"""The auto-graded Python concurrency kit: exercises, a sandbox, and a judge that goes by evidence.

`grade` judges a class, `check` one file; both return the dataclasses of `grader.results` and raise InputError or
InfrastructureError. They are imported when they are first used: `import grader` costs next to nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # as type checkers know it from typing, which takes a while to import
if TYPE_CHECKING:
    from grader.errors import GradingInterruptedError, InfrastructureError, InputError
    from grader.grading.check import check
    from grader.grading.grade import GradingWatcher, grade
    from grader.results import ClassResults, ExerciseResult, Verdict

_HOMES = {
    "check": "grader.grading.check",
    "grade": "grader.grading.grade",
    "GradingWatcher": "grader.grading.grade",
    "ClassResults": "grader.results",
    "ExerciseResult": "grader.results",
    "Verdict": "grader.results",
    "GradingInterruptedError": "grader.errors",
    "InfrastructureError": "grader.errors",
    "InputError": "grader.errors",
}
__all__ = [
    "ClassResults",
    "ExerciseResult",
    "GradingInterruptedError",
    "GradingWatcher",
    "InfrastructureError",
    "InputError",
    "Verdict",
    "check",
    "grade",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(_HOMES[name]), name)
