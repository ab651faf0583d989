"""While a class is judged: each result is on disk as soon as it is there, and need not be judged again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.results import ExerciseResult

from .files import save_exercise
from .planning import Assignment, GradingPlan


@dataclass
class Kept:
    """The results that there are so far, by job key; each is below `out` as well."""

    assignment: Assignment
    out: Path
    results: dict[str, ExerciseResult] = field(default_factory=dict)
    plan: GradingPlan | None = None  # none before there is one

    def begin(self, plan: GradingPlan) -> None:
        """With what is still right, and with what needs no judging."""
        self.plan = plan
        self.results |= plan.still_right
        for key, result in plan.settled.items():
            self.keep(key, result)

    def keep(self, key: str, result: ExerciseResult) -> None:
        """With what intake and plan know of the file. Raises InfrastructureError where it cannot be written."""
        assert self.plan is not None
        submission = self.assignment.by_folder[key.partition("/")[0]]
        file = submission.files.get(result.exercise)
        if file is not None:
            notes = [*([file.note] if file.note else []), *result.notes]
            result = replace(result, digest=self.plan.digests.get(key, ""), file=file.origin, notes=notes)
        self.results[key] = result
        save_exercise(self.out, submission.folder, result)
