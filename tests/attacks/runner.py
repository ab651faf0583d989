"""Lets attacks loose on a judge and lists every way in which one got further than it may."""

from __future__ import annotations

import json
import resource
import runpy
import select
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.engines.jobs import Job
from grader.engines.worker import Settings
from grader.report import render_plain, write_report
from grader.results import ClassResults, ExerciseResult, SubmissionResult, Verdict
from grader.sandbox import processes
from grader.sandbox.cgroup import group_maker
from grader.sandbox.identity import student_id
from grader.sandbox.rungs import BWRAP, LANDLOCK, NAMESPACES
from grader.serialization import from_json
from tests.rungs import Usable

from .corpus import CORPUS, COSTING, TARGET, Attack
from .scene import Scene

_HUNG_S = 120  # nothing comes near it; a judge that does not answer at all must not stop the tests for good
_JUDGE_CPU_S, _WATCHING_CPU_S = 3.0, 0.05  # at most for a job, and for each second that it lasts
_GRADE_CPU_S = 20.0
# What an attack may write and no report may hold as it is.
_MARKUP = ("<script>attack", "<img src=x", "\x1b", "\u202e", "\u2066")
_JUDGE = Path(__file__).parent / "judge.py"
_CHECKOUT = Path(__file__).parents[2]


@dataclass
class Aftermath:
    """What came out of one attack: the result, and every byte that the judge wrote meanwhile."""

    result: ExerciseResult
    raw: bytes
    survivors: list[str] = field(default_factory=list)


class Range:
    """One judge on one rung in one scene. Use as a context manager."""

    def __init__(self, usable: Usable, sabotage: str = "", kits_own: bool = False) -> None:
        self.rung = usable.rung
        self.scene = Scene()
        root = "" if kits_own else str(self.scene.catalogue)
        settings = Settings(usable.interpreter.executable, self.rung.name, root)
        words = [settings.to_json(), self.scene.canary("command-line"), *([sabotage] if sabotage else [])]
        self._judge = subprocess.Popen(
            [sys.executable, "-P", str(_JUDGE), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.scene.environment(),
            start_new_session=True,
        )
        self._errors = bytearray()
        self._harness: dict[str, set[int]] = {}  # by exercise: what is below the judge once it has judged a file
        threading.Thread(target=self._keep_errors, daemon=True).start()

    def _keep_errors(self) -> None:
        assert self._judge.stderr is not None
        for line in self._judge.stderr:
            self._errors += line

    def attack(self, attack: Attack) -> list[str]:
        """Everything that should not have happened; where nothing isolates, only what concerns the judging."""
        self._warm_up(attack.exercise)
        before = self.scene.snapshot()
        source = self.scene.fill_in(attack.source, self._judge.pid)
        outcome = self._judge_it(Job("attack", attack.exercise, source.encode(), seed=1))
        if outcome is None:
            return ["the judge died, or hung"]
        report = self._report(outcome)
        breaches = [*_judged_wrongly(attack, outcome.result, self.rung.name), *markup_in(report)]
        breaches += [f"still running: {what}" for what in outcome.survivors]
        if not self.rung.isolates:
            return breaches
        breaches += [f"the canary in {place} came out" for place in self.scene.leaked(outcome.raw + report)]
        breaches += [f"{name} was reached" for name in self.scene.visitors]
        if self.rung.name != LANDLOCK or student_id(0) is not None:  # else /dev/shm is the judge's own, as documented
            breaches += [f"left behind: {path}" for path in self.scene.leftovers()]
        breaches += _changes(before, self.scene.snapshot())
        return breaches

    def _warm_up(self, exercise: str) -> None:
        """Lets the judge start and write what it needs for this exercise, with nothing that attacks it."""
        if not self._harness:
            assert self._judge.stdout is not None
            self._judge.stdout.readline()  # that it is ready
        if exercise not in self._harness:
            self._judge_it(Job("honest", exercise, b"", seed=1))
            self._harness[exercise] = self._below()

    def _below(self) -> set[int]:
        return {task.pid for task in processes.tasks(processes.descendants(self._judge.pid)[1:])}

    def _judge_it(self, job: Job) -> Aftermath | None:
        assert self._judge.stdin is not None and self._judge.stdout is not None
        self._errors.clear()
        try:
            self._judge.stdin.write(job.to_line())
            self._judge.stdin.flush()
        except OSError:
            return None
        if not select.select([self._judge.stdout], [], [], _HUNG_S)[0]:
            return None
        line = self._judge.stdout.readline()
        if not line or self._judge.poll() is not None:
            return None
        result = from_json(ExerciseResult, json.loads(line)["result"])
        return Aftermath(result, line + bytes(self._errors), self._survivors())

    def _survivors(self) -> list[str]:
        """What lives below the judge between two jobs, besides its zygotes."""
        known = set[int]().union(*self._harness.values())
        return [f"{pid} {processes.command_line(pid)}" for pid in self._below() - known]

    def _report(self, outcome: Aftermath) -> bytes:
        """The result as the instructor and the student get to see it."""
        results = ClassResults(
            "", "", "", self.rung.name, "", 1, True, {}, [SubmissionResult("mallory", [outcome.result])]
        )
        folder = self.scene.temporary / "report"
        write_report(results, folder, {"mallory": "mallory"})
        pages = b"".join(page.read_bytes() for page in sorted(folder.rglob("*.html")))
        return pages + render_plain(results).encode()

    def hand_in(self, attack: Attack) -> list[str]:
        """The same for a hand-in that the attack builds, beside an honest classmate's, by `grader grade` itself."""
        build = runpy.run_path(str(CORPUS / f"{attack.name}.py"))["build"]
        folder, out = self.scene.temporary / "class", self.scene.temporary / "out"
        (folder / "honest").mkdir(parents=True)
        shutil.copyfile(CORPUS / "controls" / "threads.py", folder / "honest" / f"{TARGET}.py")
        (folder / "mallory").mkdir()
        try:
            build(folder / "mallory")
            return self._grade(attack, folder, out)
        finally:
            shutil.rmtree(folder)
            shutil.rmtree(out, ignore_errors=True)

    def _grade(self, attack: Attack, folder: Path, out: Path) -> list[str]:
        before = self.scene.snapshot()
        options = [
            "--root",
            self.scene.catalogue,
            "--out",
            out,
            "--seed",
            "1",
            "--exercise",
            TARGET,
            "--format",
            "plain",
        ]
        command = [sys.executable, "-P", "-m", "grader", "grade", folder, *options]
        cpu_before = _cpu_of_children()
        done = subprocess.run(
            list(map(str, command)), env=self.scene.environment(), cwd=_CHECKOUT, capture_output=True, timeout=_HUNG_S
        )
        if (used := _cpu_of_children() - cpu_before) > _GRADE_CPU_S:
            return [f"grader grade computed for {used} s"]
        if done.returncode:
            return [f"grader grade ended with {done.returncode}: {done.stderr.decode()}"]
        results = from_json(ClassResults, json.loads((out / "results.json").read_text()))
        breaches = [
            breach
            for exercise in _exercises(results, "mallory")
            for breach in _judged_wrongly(attack, exercise, self.rung.name)
        ]
        if [exercise.verdict for exercise in _exercises(results, "honest")] != [Verdict.PASS]:
            breaches.append("an honest classmate did not pass")
        written = b"".join(path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file())
        breaches += [
            f"the canary in {place} came out" for place in self.scene.leaked(done.stdout + done.stderr + written)
        ]
        pages = b"".join(page.read_bytes() for page in sorted(out.rglob("*.html")) if page.is_file())
        breaches += markup_in(done.stdout + done.stderr + pages)
        breaches += [f"left behind: {path}" for path in self.scene.leftovers()]
        return breaches + _changes(before, self.scene.snapshot())

    def close(self) -> None:
        assert self._judge.stdin is not None
        self._judge.stdin.close()
        try:
            self._judge.wait(_HUNG_S)
        except subprocess.TimeoutExpired:  # an attack has stopped it
            self._judge.kill()
            self._judge.wait()
        self.scene.close()

    def __enter__(self) -> Range:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def markup_in(text: bytes) -> list[str]:
    return [f"as it is in a report: {markup!r}" for markup in _MARKUP if markup.encode() in text]


def _exercises(results: ClassResults, student: str) -> list[ExerciseResult]:
    return [result for found in results.submissions if found.student == student for result in found.exercises]


def _judged_wrongly(attack: Attack, result: ExerciseResult, rung: str) -> Iterator[str]:
    """Below the rungs with namespaces an attack may fail earlier (no network, no /proc, another /tmp); without a cgroup
    memory runs out in other ways."""
    exactly = (rung in (BWRAP, NAMESPACES) and group_maker() is not None) or attack.is_control
    if result.verdict not in (attack.verdicts if exactly else attack.verdicts | COSTING):
        yield f"the verdict is {result.verdict}: {result.message or [check.message for check in result.checks]}"
    passed = {check.name for check in result.checks if check.verdict is Verdict.PASS}
    yield from (f"it passed {name}" for name in passed - attack.earns)
    yield from (f"{check.name} costs nothing: {check.message}" for check in result.checks if not check.verdict.counts)
    messages = [result.message, *(check.message for check in result.checks)]
    if exactly and not any(attack.says in message for message in messages):
        yield f"no message says “{attack.says}”: {messages}"
    if result.judge_cpu_s > _JUDGE_CPU_S + _WATCHING_CPU_S * result.duration_s:
        yield f"the judge computed for {result.judge_cpu_s} s"


def _changes(before: dict[str, tuple[int, int, bytes]], after: dict[str, tuple[int, int, bytes]]) -> list[str]:
    return [f"changed: {path}" for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
