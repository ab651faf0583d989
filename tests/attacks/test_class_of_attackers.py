"""Attackers in a class cost their classmates nothing: neither points, nor a second try, nor a worker for good."""

from __future__ import annotations

import pytest

from grader.grading.grade import grade
from grader.results import ClassResults, ExerciseResult, Verdict
from tests.sampling import drawn

from .corpus import CORPUS, TARGET, load_corpus
from .scene import Scene

pytestmark = pytest.mark.slow

HONEST = 6
ATTACKERS = [attack for attack in load_corpus() if attack.name.startswith("trouble/") and attack.exercise == TARGET]


def graded(scene: Scene, sources: dict[str, str]) -> ClassResults:
    folder = scene.folder / "class"
    for student, source in sources.items():
        (folder / student).mkdir(parents=True)
        (folder / student / f"{TARGET}.py").write_text(source)
    return grade(folder, out=scene.folder / "grades", seed=1, root=scene.catalogue)


def what_counts(result: ExerciseResult) -> tuple[object, ...]:
    return result.verdict, result.score, result.max_score, result.notes, result.diagnoses


def test_classmates_are_judged_as_if_there_were_no_attackers() -> None:
    honest = {f"honest{n}": (CORPUS / "controls" / "threads.py").read_text() for n in range(HONEST)}
    attackers = {attack.name.replace("/", "-"): attack for attack in drawn(ATTACKERS, 3, "class")}
    with Scene() as scene:
        sources = honest | {name: attack.source for name, attack in attackers.items()}
        results = graded(scene, sources)
    found = {submission.student: submission.exercises[0] for submission in results.submissions}
    assert {name: what_counts(found[name]) for name in honest} == dict.fromkeys(honest, (Verdict.PASS, 5, 5, [], []))
    costing_nothing = [name for name in attackers if found[name].max_score != 5 or not found[name].verdict.counts]
    assert not costing_nothing, [found[name] for name in costing_nothing]
    for name, attack in attackers.items():
        passed = {check.name for check in found[name].checks if check.verdict is Verdict.PASS}
        assert passed <= attack.earns, name
