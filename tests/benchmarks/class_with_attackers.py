"""What attackers cost their class: in time, in points, in second tries.

`python -m tests.benchmarks.class_with_attackers [--honest N] [--alone] [ATTACK…]` grades a class of N students with
right solutions of two exercises in turn (20 unless told otherwise), then the same class with one attacker of each kind
in it, or with those named (`surface/name`, as below tests/attacks/corpus), then with all of them together, and the
class alone again. For each it prints the seconds of its own time that the attackers' files have used, by how much
longer the class took than at first, how much more processor time all of it used, and what of a classmate's result was
another one.

Read the times as those of one run: the last line shows by how much they differ without any attack.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from grader.catalogue import load_catalogue
from grader.grading.grade import grade
from grader.judging.recorder import JOB_S
from grader.results import ExerciseResult
from tests.attacks.corpus import CORPUS, TARGET, Attack, read_attack
from tests.attacks.scene import Scene

SCHEDULED = "safe_counter"  # an exercise of the kit whose schedules are explored, besides the attacks' own
EXERCISES = (TARGET, SCHEDULED)
KINDS = {
    "naps": "trouble/naps_below_each_limit",
    "a hang": "ending/stopped",
    "memory": "floods/memory_in_one",
    "a hard exit": "ending/at_exit",
    "processes": "floods/fork_bomb",
    "output": "floods/printing",
    "calls": "floods/calls",
    "spinning": "floods/spinning_finalizer",
    "trouble": "trouble/no_descriptor_left",
    "trouble at random": "trouble/wrong_half_of_the_time",
    "trouble with schedules": "trouble/raises_all_that_is_no_error",
    "blinding": "blinding/keeps_others_from_their_turn",
}


@dataclass(frozen=True, slots=True)
class Graded:
    """A class: how long it took by the clock and in processor time, and the results by student and exercise."""

    seconds: float
    cpu_s: float
    results: Mapping[tuple[str, str], ExerciseResult]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("attacks", nargs="*", metavar="ATTACK")
    parser.add_argument("--honest", type=int, default=20)
    args = parser.parse_args()
    kinds = {name.replace("/", " "): name for name in args.attacks} or KINDS
    attacks = {kind: read_attack(CORPUS / f"{name}.py") for kind, name in kinds.items()}
    with Scene() as scene:
        _add_to_catalogue(scene.catalogue)
        honest = _grade(scene, args.honest, {})
        print(f"{args.honest} students alone: {honest.seconds:.1f} s, CPU {honest.cpu_s:.1f} s", flush=True)
        print(f"What a file may use of its own time: {JOB_S:g} s")
        for kind, attack in attacks.items():
            _tell(kind, honest, _grade(scene, args.honest, {kind: attack}))
        _tell("all of them", honest, _grade(scene, args.honest, attacks))
        _tell("nobody", honest, _grade(scene, args.honest, {}))


def _add_to_catalogue(root: Path) -> None:
    (exercise,) = load_catalogue().select([SCHEDULED])
    assert exercise.reference is not None
    where = Path(exercise.topic, exercise.name)
    folders = {"exercises": exercise.folder, "grader/suites": exercise.suite, "solutions": exercise.reference.parent}
    for name, folder in folders.items():
        shutil.copytree(folder, root / name / where)


def _grade(scene: Scene, honest: int, attackers: Mapping[str, Attack]) -> Graded:
    right = {name: next(scene.catalogue.glob(f"solutions/*/{name}/{name}.py")).read_text() for name in EXERCISES}
    files = {(f"honest {n:02}", name): right[name] for n, name in zip(range(honest), cycle(EXERCISES), strict=False)}
    files |= {(kind, attack.exercise): attack.source for kind, attack in attackers.items()}
    with tempfile.TemporaryDirectory() as folder:
        for (student, exercise), source in files.items():
            file = Path(folder, "class", student, f"{exercise}.py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source)
        began, cpu_before = time.monotonic(), _cpu_of_children()
        graded = grade(Path(folder, "class"), out=Path(folder, "out"), seed=1, root=scene.catalogue)
        seconds, cpu_s = time.monotonic() - began, _cpu_of_children() - cpu_before
    found = {(s.student, result.exercise): result for s in graded.submissions for result in s.exercises}
    return Graded(seconds, cpu_s, {key: result for key, result in found.items() if key in files})


def _cpu_of_children() -> float:
    """Workers are waited for, as players are by whoever started them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tell(kind: str, honest: Graded, attacked: Graded) -> None:
    own = sum(result.own_s for key, result in attacked.results.items() if key not in honest.results)
    changed = [key for key, result in honest.results.items() if _counts(attacked.results[key]) != _counts(result)]
    longer, cpu_s = attacked.seconds - honest.seconds, attacked.cpu_s - honest.cpu_s
    told = f"classmates' results changed: {changed}" if changed else "no classmate's result changed"
    print(f"{kind:24}  own {own:6.1f} s  class {longer:+6.1f} s, CPU {cpu_s:+6.1f} s  {told}", flush=True)


def _counts(result: ExerciseResult) -> tuple[object, ...]:
    """What a classmate gets and is told; how long it took is nobody's grade."""
    checks = [(check.name, check.verdict, check.points, check.message) for check in result.checks]
    return result.verdict, result.score, result.max_score, result.message, result.notes, result.diagnoses, checks


if __name__ == "__main__":
    main()
