"""The student of a hidden check: what is asked of a player, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.evidence import NotMeasurableError
from grader.evidence.network import Net, OverNetwork
from grader.evidence.schedules import Exploration, SeenOnceError
from grader.judging.student import Student, Subject
from grader.player.schedules.messages import Plan
from grader.sandbox.job_time import JobTime
from grader.sandbox.limits import Limits
from grader.sandbox.rungs import LANDLOCK
from grader.sandbox.sandbox import Sandbox


def test_a_failure_that_was_seen_once_is_looked_for_longer(
    sandbox: Sandbox, submission: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who fails by chance, now and then, is not to pass by chance."""
    (submission / "work.py").write_text("")
    subject = Subject(submission, "work", [], "def nothing(student): pass", Limits(), frozenset())
    tried: list[tuple[int, bool]] = []

    def fails_once(self: Student, name: str, inputs: dict[str, Any], plan: Plan, exploration: Exploration) -> None:
        tried.append((plan.schedules, exploration._failed_before))
        raise SeenOnceError

    monkeypatch.setattr(Student, "_explored", fails_once)
    student = Student(sandbox, subject, JobTime(90))
    with pytest.raises(SeenOnceError):
        student.explore("nothing", lambda outcome: None, schedules=100)
    student.close()
    assert tried == [(100, False), (400, True)]


def test_there_are_always_connections(sandbox: Sandbox, submission: Path) -> None:
    """However many runs there are in a check: a suite does not count them."""
    (submission / "work.py").write_text("")
    scenarios = "from grader.player.network import accept_stop\ndef waits(student): return accept_stop().recv(1)"
    subject = Subject(submission, "work", [], scenarios, Limits(connections=8), frozenset())

    def script(net: Net) -> Iterator[None]:
        net.connect(2)
        yield
        net.stop()
        yield

    student = Student(sandbox, subject, JobTime(90))
    if sandbox.rung.name == LANDLOCK:
        with pytest.raises(NotMeasurableError):
            student.load()
        return
    try:
        assert [student.run("waits", calls=OverNetwork(script)).value for _ in range(6)] == [b""] * 6
    finally:
        student.close()
