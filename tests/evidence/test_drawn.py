"""Plans are drawn from a seed; a failure is told on a small plan that was seen to fail, and nothing undoes it."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from grader.evidence import Feedback, NotMeasurableError, expect
from grader.evidence.drawn import PlansError, for_all
from grader.judging.student import RunAs, Student, Subject
from grader.player.wire import RemoteException
from grader.results import Verdict
from grader.sandbox.job_time import JobTime
from grader.sandbox.limits import Limits
from grader.sandbox.outcomes import PlayerEndedError, StudentRaisedError
from grader.sandbox.owntime import _next_pause_s
from grader.sandbox.sandbox import Sandbox
from tests.conftest import CHECKOUT

NUMBERS = st.lists(st.integers(0, 99), max_size=8)


class Nobody:
    """A student that has nothing to do but to begin anew."""

    def __init__(self, seconds: float = 90.0) -> None:
        self.job_time, self.players = JobTime(seconds), 1

    def start_afresh(self) -> None:
        self.players += 1

    def leave_nothing_out(self) -> None:
        pass


class Trial:
    """`judged` is called with each plan, and the plans are kept."""

    def __init__(self, judged: Callable[[list[int]], object] = lambda plan: None, seconds: float = 90.0) -> None:
        self._judged, self.student = judged, Nobody(seconds)
        self.plans: list[list[int]] = []

    def holds(self, plan: list[int]) -> None:
        self.plans.append(plan)
        self._judged(plan)

    def run(self, seed: int = 0, **options: Any) -> None:
        for_all(self.student, random.Random(seed), NUMBERS, self.holds, **options)


def require(condition: object, plan: list[int]) -> None:
    """A plain assert; pytest would make a text of what is told."""
    if not condition:
        raise AssertionError(plan)


def fails_from(largest: int) -> Callable[[list[int]], None]:
    def judged(plan: list[int]) -> None:
        require(max(plan, default=0) < largest, plan)

    return judged


def test_each_plan_is_tried_once_and_the_simplest_is_among_them() -> None:
    trial = Trial()
    trial.run(examples=30)
    assert [] in trial.plans and 20 <= len(trial.plans) <= 30
    assert len({repr(plan) for plan in trial.plans}) == len(trial.plans)


@pytest.mark.parametrize("seed", range(10))
def test_a_failure_is_told_on_the_smallest_plan_as_it_was(seed: int) -> None:
    trial = Trial(fails_from(70))
    with pytest.raises(AssertionError) as raised:
        trial.run(seed, examples=100)
    assert raised.value.args == ([70],)
    assert raised.value.__cause__ is raised.value.__context__ is None
    assert not hasattr(raised.value, "__notes__")


def test_the_same_seed_draws_the_same_plans_whatever_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "loaded.py").write_text("NUMBERS = [4711, 815, 1999, 42, 77, 12345, 54321]\n")
    script = (
        "import random; from hypothesis import strategies as st; from grader.evidence.drawn import for_all\n"
        "from tests.evidence.test_drawn import Nobody\n"
        "for_all(Nobody(), random.Random(7), st.lists(st.integers()), print, 50)\n"
    )
    environment = {"PYTHONPATH": f"{tmp_path}:{CHECKOUT}"}
    said = [
        subprocess.run(
            [sys.executable, "-P", "-c", before + script], capture_output=True, cwd=tmp_path, env=environment
        )
        for before in ("", "", "import loaded\n")
    ]
    assert said[0].stdout.count(b"\n") >= 40 and not said[0].stderr
    assert said[0].stdout == said[1].stdout == said[2].stdout
    assert [path.name for path in tmp_path.iterdir() if path.name != "__pycache__"] == ["loaded.py"]


def test_another_seed_draws_other_plans() -> None:
    one, other = Trial(), Trial()
    one.run(1)
    other.run(2)
    assert one.plans != other.plans


def test_fixed_cases_come_first_and_are_told_as_they_are() -> None:
    trial = Trial(fails_from(5))
    with pytest.raises(AssertionError) as raised:
        trial.run(first=[[1], [90, 91, 92], [93]])
    assert (raised.value.args, trial.plans) == (([90, 91, 92],), [[1], [90, 91, 92]])


def test_who_has_failed_begins_anew() -> None:
    trial = Trial(fails_from(70))
    with pytest.raises(AssertionError):
        trial.run(examples=100)
    failed = [plan for plan in trial.plans if max(plan, default=0) >= 70]
    assert trial.student.players == 1 + len(failed)


@pytest.mark.parametrize("seed", range(10))
def test_few_more_runs_make_a_plan_smaller(seed: int) -> None:
    def long(plan: list[int]) -> None:
        require(sum(plan) == 0, plan)

    trial = Trial(long)
    with pytest.raises(AssertionError) as raised:
        trial.run(seed, examples=100)
    first = next(n for n, plan in enumerate(trial.plans, 1) if sum(plan))
    assert first < len(trial.plans) <= first + 40
    failed = [plan for plan in trial.plans if sum(plan)]
    assert raised.value.args[0] == min(failed, key=lambda plan: (len(plan), plan))


@pytest.mark.parametrize("cost_s", [1.0, 6.0])
def test_little_of_the_jobs_time_is_spent_on_smaller_plans(cost_s: float) -> None:
    """None where a failure has already taken long."""

    def slow(plan: list[int]) -> None:
        trial.student.job_time.charge(cost_s if sum(plan) else 0.0, 0.0)
        require(sum(plan) == 0, plan)

    trial = Trial(slow)
    with pytest.raises(AssertionError):
        trial.run()
    assert 1 <= sum(map(bool, map(sum, trial.plans))) <= max(1, 5 / cost_s)


def test_time_that_runs_out_while_plans_get_smaller_is_not_the_verdict() -> None:
    def slow(plan: list[int]) -> None:
        trial.student.job_time.charge(2.5 if sum(plan) else 0.0, 0.0)
        if trial.student.job_time.used_up:
            raise PlayerEndedError(Verdict.TIMEOUT, "used up")
        require(sum(plan) == 0, plan)

    trial = Trial(slow, seconds=4.0)
    with pytest.raises(AssertionError) as raised:
        trial.run()
    assert raised.value.args[0] == next(plan for plan in trial.plans if sum(plan))


def test_what_does_not_come_again_is_told_as_it_was_seen() -> None:
    def once(plan: list[int]) -> None:
        require(sum(plan) == 0 or trial.student.players > 1, plan)

    trial = Trial(once)
    with pytest.raises(AssertionError) as raised:
        trial.run()
    assert raised.value.args[0] == next(plan for plan in trial.plans if sum(plan))


@pytest.mark.parametrize("seed", range(5))
def test_whoever_fails_by_chance_fails(seed: int) -> None:
    chance = random.Random(seed)

    def now_and_then(plan: list[int]) -> None:
        if chance.random() < 0.3:
            failed.append(plan)
            require(False, plan)

    failed: list[list[int]] = []
    with pytest.raises(AssertionError) as raised:
        Trial(now_and_then).run(seed)
    assert raised.value.args[0] in failed


FAILURES = [
    AssertionError("wrong"),
    StudentRaisedError(RemoteException("ValueError", "", [], [])),
    PlayerEndedError(Verdict.DEADLOCK, "stuck"),
]
TROUBLE = [
    KeyError("of the suite"),
    NotMeasurableError("too few cores"),
    PlayerEndedError(Verdict.INFRA, "overloaded"),
    KeyboardInterrupt(),
    pytest.skip.Exception("not here"),
    pytest.exit.Exception("enough"),
    SystemExit(1),
    GeneratorExit(),
]


def name_of(error: BaseException) -> str:
    return type(error).__name__


@pytest.mark.parametrize("failure", FAILURES, ids=name_of)
def test_these_are_failures(failure: Exception) -> None:
    def judged(plan: list[int]) -> None:
        if sum(plan):
            raise failure

    trial = Trial(judged)
    with pytest.raises(type(failure)) as raised:
        trial.run()
    assert raised.value is failure and trial.student.players > 2


@pytest.mark.parametrize("trouble", TROUBLE, ids=name_of)
def test_trouble_ends_it_and_goes_on_as_it_is(trouble: BaseException) -> None:
    def judged(plan: list[int]) -> None:
        if sum(plan):
            raise trouble

    trial = Trial(judged)
    with pytest.raises(type(trouble)) as raised:
        trial.run()
    assert raised.value is trouble and trial.student.players == 1
    assert sum(map(bool, map(sum, trial.plans))) == 1


@pytest.mark.parametrize("trouble", TROUBLE, ids=name_of)
def test_a_failure_stands_whatever_trouble_follows(trouble: BaseException) -> None:
    """But for what ends more than a check."""

    def judged(plan: list[int]) -> None:
        if sum(plan) and trial.student.players > 1:
            raise trouble
        require(sum(plan) == 0, plan)

    trial = Trial(judged)
    with pytest.raises(BaseException) as raised:
        trial.run()
    if isinstance(trouble, Exception):
        assert raised.value.args[0] == next(plan for plan in trial.plans if sum(plan))
    else:
        assert raised.value is trouble
    assert trial.student.players == 2 and sum(map(bool, map(sum, trial.plans))) == 2


def test_when_a_player_is_looked_at_cannot_be_foreseen() -> None:
    """Hypothesis seeds what everybody draws from, anew for each plan."""
    pauses: list[float] = []
    Trial(lambda plan: pauses.append(_next_pause_s())).run()
    assert len(set(pauses)) == len(pauses) > 10


def test_plans_that_there_are_not_are_trouble() -> None:
    for plans in (NUMBERS.filter(lambda plan: False), st.integers(3, 2)):
        with pytest.raises(PlansError):
            for_all(Nobody(), random.Random(0), plans, print)


def subject_of(folder: Path, source: str, scenarios: str) -> Subject:
    (folder / "work.py").write_text(source)
    return Subject(folder, "work", [], scenarios, Limits(), frozenset())


def test_a_players_end_is_one_failure_and_another_player_goes_on(sandbox: Sandbox, submission: Path) -> None:
    source = "import os\ndef work(numbers):\n    if sum(numbers) > 50: os._exit(3)\n    return sum(numbers)"
    scenarios = "def work(student, numbers): return student.work(numbers)"
    student = Student(sandbox, subject_of(submission, source, scenarios), JobTime(90))
    tried: list[list[int]] = []

    def holds(plan: list[int]) -> None:
        tried.append(plan)
        expect(student.run("work", numbers=plan).value, sum(plan), "the sum")

    with pytest.raises(PlayerEndedError) as raised:
        for_all(student, random.Random(1), NUMBERS, holds)
    student.close()
    assert raised.value.verdict is Verdict.CRASH
    assert [51] in tried and sum(sum(plan) > 50 for plan in tried) > 2


UNLOCKED = """
class Counter:
    value = 0
    def add(self, amount):
        self.value += amount
"""
TOGETHER = """
from functools import partial
from grader.player.schedules import together

def adds(student, amounts):
    counter = student.Counter()
    together(*(partial(counter.add, amount) for amount in amounts))
    return counter.value
"""


def test_a_race_is_told_on_a_small_plan_and_can_be_run_again(sandbox: Sandbox, submission: Path) -> None:
    subject = subject_of(submission, UNLOCKED, TOGETHER)
    first = lost_update(Student(sandbox, subject, JobTime(90)), RunAs("test_adds", 3))
    assert first.interleaving is not None and first.expected == "the sum of [0, 1]"
    again = lost_update(Student(sandbox, subject, JobTime(90)), RunAs.parse(first.interleaving.token))
    assert again == first


def lost_update(student: Student, run_as: RunAs) -> Feedback:
    def holds(amounts: list[int]) -> None:
        student.explore(
            "adds", lambda seen: expect(seen.value, sum(amounts), f"the sum of {amounts}"), 40, amounts=amounts
        )

    student.run_as = run_as
    with pytest.raises(AssertionError) as raised:
        for_all(student, random.Random(1), st.lists(st.integers(0, 9), max_size=3), holds)
    student.close()
    [told] = raised.value.args
    assert isinstance(told, Feedback)
    return told
