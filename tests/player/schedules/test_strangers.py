"""Threads from before an exploration may be there, but who has them work is told so, after few schedules too."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Iterator

import pytest

from grader.player.schedules import together
from grader.player.schedules.explore import Program, explore
from grader.player.schedules.messages import Plan, ToldOutcome
from grader.player.schedules.ownership import Ownership

STRANGER = {"ended": "misuse", "what": "a thread that the judge does not know"}
Locks = tuple[_thread.LockType, _thread.LockType]


@pytest.fixture
def worker() -> Iterator[Locks]:
    """Two locks: a thread that nobody controls waits for the first again and again, works, and frees the second."""
    go, done = _thread.allocate_lock(), _thread.allocate_lock()
    going_on = [True]
    go.acquire()
    done.acquire()

    def work() -> None:
        while go.acquire() and going_on:
            sum(range(1000))
            done.release()

    _thread.start_new_thread(work, ())
    go.release()
    done.acquire()  # so it is there
    yield go, done
    going_on.clear()
    go.release()


def outcomes(worker: Locks, has_it_work: bool) -> list[ToldOutcome]:
    go, done = worker

    def scenario() -> None:
        turn = threading.Lock()

        def step() -> None:
            with turn:
                if has_it_work:
                    go.release()
                    done.acquire()

        together(step, step)

    heard: list[ToldOutcome] = []

    def listen(outcome: ToldOutcome) -> bool:
        heard.append(outcome)
        return "value" in outcome

    explore(Program(ownership=Ownership()), scenario, Plan(schedules=40), listen)
    return heard


def test_who_has_them_work_is_told_so(worker: Locks) -> None:
    assert STRANGER in outcomes(worker, has_it_work=True)


def test_who_leaves_them_alone_is_not(worker: Locks) -> None:
    assert STRANGER not in outcomes(worker, has_it_work=False)
