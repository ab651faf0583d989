"""Celery in players: workers that die, messages that are delivered again, and time that is the judge's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.evidence.task_queue import TaskQueue
from grader.sandbox.player import Reply
from tests.conftest import StartPlayer

pytest.importorskip("celery")

SCENARIOS = """
from os import getpid, kill
from grader.player.callbacks import DirectCallback
from grader.player.task_queue import Workers, application, outcome_of

asked = DirectCallback("step")

def step(number):
    said = asked(number)
    if said == "die":
        kill(getpid(), 9)
    return said

def tasks(student, numbers, workers):
    with application() as app:
        task = student.make_task(app, step)
        with Workers(app, workers) as running:
            results = [task.delay(number) for number in numbers]
            running.until_calm()
            return [outcome_of(result) for result in results]
"""
LATE = """
def make_task(app, step):
    @app.task(acks_late=True)
    def task(number):
        return step(number)
    return task
"""
EARLY = LATE.replace("acks_late=True", "")
AGAIN = """
def make_task(app, step):
    @app.task(bind=True, acks_late=True)
    def task(self, number):
        try:
            return step(number)
        except ConnectionError as e:
            raise self.retry(exc=e, countdown=100)
    return task
"""


@pytest.fixture
def run(start_player: StartPlayer) -> Callable[..., Reply]:
    """`run(source, steps, numbers, workers)`: `steps` are what comes of the calls of `step`, which last 1 s each."""

    def run(source: str, steps: list[object], numbers: list[int], workers: int = 1) -> Reply:
        player = start_player(source, SCENARIOS, None, "celery")
        answers = iter(steps)
        policy = TaskQueue({"step": lambda number: next(answers)}, lasts={"step": 1})
        reply = player.run("tasks", {"numbers": numbers, "workers": workers}, policy)
        assert reply.raised is None, reply.raised
        return reply

    return run


def times(reply: Reply, name: str) -> list[tuple[float, float | None]]:
    return [(call.began, call.ended) for call in reply.calls if call.name == name]


def test_workers_carry_out_tasks_at_once(run: Callable[..., Reply]) -> None:
    reply = run(LATE, ["a", "b", "c"], [1, 2, 3], workers=3)
    assert sorted(reply.value) == [["SUCCESS", text, "", ""] for text in "abc"]
    assert times(reply, "step") == [(0, 1)] * 3
    assert len({call.pid for call in reply.calls if call.name == "step"}) == 3
    assert reply.leftover_processes == 0


def test_what_a_dead_worker_had_not_acknowledged_is_delivered_again(run: Callable[..., Reply]) -> None:
    reply = run(LATE, ["die", "die", "done"], [1])
    assert reply.value == [["SUCCESS", "done", "", ""]]
    assert times(reply, "step") == [(0, 1), (1, 2), (2, 3)]


def test_what_it_had_acknowledged_is_lost(run: Callable[..., Reply]) -> None:
    """And the next message is carried out by another worker."""
    reply = run(EARLY, ["die", "done"], [1, 2])
    assert reply.value[0] == ["PENDING", None, "", ""]
    assert next(call.args for call in reply.calls if call.name == "step") == [1]


def test_a_countdown_is_the_judges(run: Callable[..., Reply]) -> None:
    reply = run(AGAIN, [ConnectionError("no"), "other", "done"], [1, 2])
    assert reply.value == [["SUCCESS", "done", "", ""], ["SUCCESS", "other", "", ""]]
    assert [call.args for call in reply.calls if call.name == "later"] == [[100.0]]
    assert times(reply, "step") == [(0, 1), (1, 2), (102, 103)]


def test_errors_are_told(run: Callable[..., Reply]) -> None:
    reply = run(LATE, [ValueError("refused")], [1])
    assert reply.value == [["FAILURE", None, "ValueError", "refused"]]


def test_tasks_of_one_application_are_not_those_of_the_next(start_player: StartPlayer) -> None:
    player = start_player(LATE, SCENARIOS, None, "celery")
    for text in ("first", "second"):
        policy = TaskQueue({"step": lambda number, text=text: text}, lasts={})
        reply = player.run("tasks", {"numbers": [1], "workers": 1}, policy)
        assert reply.value == [["SUCCESS", text, "", ""]]
