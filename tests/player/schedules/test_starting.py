"""On a busy machine threads of earlier schedules, which have ended, may still be as many as the system allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.player.schedules import scheduler
from grader.player.schedules.messages import Plan

from .programs import CASES

CASE = next(case for case in CASES if case.name == "counter")


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`refuse(n)`: of so many threads in turn the system has none."""
    start_thread: Any = scheduler._start_thread
    left = 0

    def start(*what: Any) -> int:
        nonlocal left
        if left:
            left -= 1
            raise RuntimeError("can't start new thread")
        return int(start_thread(*what))

    def refuse(number: int) -> None:
        nonlocal left
        left = number
        monkeypatch.setattr(scheduler, "_start_thread", start)
        monkeypatch.setattr(scheduler, "_sleep", lambda seconds: None)

    return refuse


def test_a_thread_that_is_refused_is_asked_for_again(refuse: Callable[[int], None]) -> None:
    wanted = CASE.explore(Plan(1, 30))
    refuse(100)
    assert CASE.explore(Plan(1, 30)) == wanted


def test_not_for_ever(refuse: Callable[[int], None]) -> None:
    refuse(10_000)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        CASE.explore(Plan(1, 30))
