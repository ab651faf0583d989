"""What is wrong with what came of the cases, a sentence each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from grader.catalogue import Exercise
from grader.results import Check, ExerciseResult, Verdict

from .cases import Case
from .points import differences


def not_measurable(results: Sequence[ExerciseResult]) -> str:
    """Why nothing of an exercise can be judged on this machine, as its reference shows; empty if it can."""
    if any(result.max_score for result in results):
        return ""
    found = [check.message for check in results[0].checks if check.verdict is Verdict.NOT_MEASURABLE]
    return (results[0].message or found[0]) if found else ""


def of_case(case: Case, results: Sequence[ExerciseResult]) -> Iterator[str]:
    """One solution, judged once or several times."""
    yield from (f"{case.name}: {note}" for result in results for note in result.notes)
    yield from (f"{case.name}: {told}" for result in results for told in _passing_troubles(result))
    if len({_verdicts(result) for result in results}) > 1:
        yield f"{case.name}: {_differences(results)}"
    for result in results[:1]:
        if case.role == "flawed":
            yield from _of_flawed(case, result)
        elif case.role == "stub":
            if result.score > 0:
                passed = ", ".join(check.name for check in result.checks if check.points)
                yield f"{case.name} passes {passed}"
        elif result.verdict is not Verdict.PASS or result.score != case.exercise.max_score:
            yield f"{case.name} must get full marks, and gets {_summary(result)}"


def _passing_troubles(result: ExerciseResult) -> Iterator[str]:
    """Of the judge's own, which cost nobody anything and should not be all the same."""
    for diagnosis in result.diagnoses:
        if diagnosis.decided.counts and diagnosis.decided is not Verdict.ERROR:
            yield f"{diagnosis.check or 'all checks'} could at first not be judged: {diagnosis.seen}"


def _of_flawed(case: Case, result: ExerciseResult) -> Iterator[str]:
    check = next((check for check in result.checks if check.name == case.caught_by), None)
    if check is None:
        yield f"{case.name} must get {case.verdict} from {case.caught_by}, and is not judged by it: {_summary(result)}"
    elif check.verdict is not case.verdict:
        said = f": {check.message}" if check.message else ""
        yield f"{case.name} must get {case.verdict} from {case.caught_by}, and gets {check.verdict}{said}"


def of_suite(exercise: Exercise, checks: Sequence[Check], caught_by: set[str]) -> Iterator[str]:
    """Whether the statement tells the points that there are, and each check is named by a flaw as its catcher."""
    yield from differences(exercise)
    for check in checks:
        if check.name not in caught_by:
            yield f"{exercise.name}: no flawed solution names {check.name} as its catcher"


def _verdicts(result: ExerciseResult) -> tuple[str, ...]:
    return (result.verdict, *(f"{check.name}={check.verdict}" for check in result.checks))


def _differences(results: Sequence[ExerciseResult]) -> str:
    seen: dict[str, dict[str, ExerciseResult]] = defaultdict(dict)
    for result in results:
        for check in result.checks:
            seen[check.name].setdefault(check.verdict, result)
    parts = [
        f"{name} is " + " and ".join(_told(name, result) for result in found.values())
        for name, found in seen.items()
        if len(found) > 1
    ]
    return "the verdict differs between repetitions: " + ("; ".join(parts) or _summary(results[0]))


def _told(name: str, result: ExerciseResult) -> str:
    check = next(check for check in result.checks if check.name == name)
    why = f": {check.message}" if check.verdict is Verdict.INFRA else ""
    return f"{check.verdict} with seed {result.seed}{why}"


def _summary(result: ExerciseResult) -> str:
    """What is skipped follows from something else."""
    judged = [check for check in result.checks if check.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
    failed = [f"{check.name} {check.verdict}: {check.message}" for check in judged]
    return "; ".join(
        [f"{result.score:g} of {result.max_score:g} ({result.verdict}) {result.message}".strip(), *failed[:3]]
    )
