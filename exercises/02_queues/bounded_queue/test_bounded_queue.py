"""Public tests of BoundedQueue. Run `pytest` in this folder."""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest
from bounded_queue import BoundedQueue

PATIENCE = 10.0  # seconds: only there so that a test cannot hang; a right solution needs milliseconds
BRIEFLY = 0.01  # a time-out that is meant to run out
USER = "thread"


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Call each function in a thread of its own; if they hang, fail and say which thread waits where."""
    outcomes: list[Future[Any]] = [Future() for _ in functions]

    def call(function: Callable[[], Any], outcome: Future[Any]) -> None:
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    for n, pair in enumerate(zip(functions, outcomes, strict=True), 1):
        threading.Thread(target=call, args=pair, name=f"{USER} {n}", daemon=True).start()
    if wait(outcomes, timeout=PATIENCE).not_done:
        pytest.fail(f"still waiting after {PATIENCE:g} s:\n{who_waits_where()}", pytrace=False)
    return [outcome.result() for outcome in outcomes]


def who_waits_where() -> str:
    """One line for each thread that is inside bounded_queue.py: its name and the line it has reached."""
    stacks = sys._current_frames()
    lines = []
    for thread in threading.enumerate():
        summary = traceback.StackSummary.extract(traceback.walk_stack(stacks.get(thread.ident or 0)))
        own = [entry for entry in summary if Path(entry.filename).name == "bounded_queue.py"]
        if own:  # the innermost call comes first
            lines.append(f"  {thread.name}: bounded_queue.py, line {own[0].lineno}: {own[0].line}")
    return "\n".join(lines) or "  (no thread is inside bounded_queue.py any more)"


@pytest.fixture(scope="module", autouse=True)
def exit_in_spite_of_hanging_threads() -> Iterator[None]:
    """Python exits once all threads have ended; if some never will, end the process after the last test."""
    yield
    if any(thread.name.startswith(USER) for thread in threading.enumerate()):
        last_resort = threading.Timer(PATIENCE, lambda: (sys.stdout.flush(), os._exit(1)))
        last_resort.daemon = True
        last_resort.start()


def filled(maxsize: int, *items: Any) -> BoundedQueue:
    tasks = BoundedQueue(maxsize)
    for item in items:
        together(lambda item=item: tasks.put(item))
    return tasks


def test_first_in_first_out() -> None:
    tasks = filled(4, 1, None, 1, "last")
    assert together(lambda: [tasks.get() for _ in range(4)]) == [[1, None, 1, "last"]]


def test_looking() -> None:
    tasks = filled(2)
    assert (tasks.qsize(), tasks.empty(), tasks.full()) == (0, True, False)
    together(lambda: tasks.put("a"))
    assert (tasks.qsize(), tasks.empty(), tasks.full()) == (1, False, False)
    together(lambda: tasks.put("b"))
    assert (tasks.qsize(), tasks.empty(), tasks.full()) == (2, False, True)


@pytest.mark.parametrize("maxsize", [0, -1])
def test_without_a_limit_it_is_never_full(maxsize: int) -> None:
    tasks = filled(maxsize, *range(20))
    assert tasks.qsize() == 20
    assert not tasks.full()


def test_without_waiting() -> None:
    tasks = filled(1)

    def user() -> None:
        with pytest.raises(queue.Empty):
            tasks.get(block=False)
        tasks.put("a", block=False)
        with pytest.raises(queue.Full):
            tasks.put("b", block=False)
        assert tasks.get(block=False) == "a"

    together(user)


@pytest.mark.parametrize("timeout", [0, BRIEFLY])
def test_time_out(timeout: float) -> None:
    tasks = filled(1)

    def user() -> None:
        with pytest.raises(queue.Empty):
            tasks.get(timeout=timeout)
        tasks.put("a", timeout=timeout)
        with pytest.raises(queue.Full):
            tasks.put("b", timeout=timeout)
        assert tasks.get(timeout=timeout) == "a"

    together(user)


def test_a_negative_time_out_is_refused() -> None:
    tasks = filled(2, "a")

    def user() -> None:
        with pytest.raises(ValueError):
            tasks.get(timeout=-1)
        with pytest.raises(ValueError):
            tasks.put("b", timeout=-1)

    together(user)
    assert tasks.qsize() == 1


def test_a_producer_waits_for_room() -> None:
    tasks = BoundedQueue(2)
    most = 0

    def consumer() -> list[int]:
        nonlocal most
        got = []
        for _ in range(500):
            most = max(most, tasks.qsize())
            got.append(tasks.get())
        return got

    def producer() -> None:
        for item in range(500):
            tasks.put(item)

    got, _ = together(consumer, producer)
    assert got == list(range(500))
    assert most <= 2


def test_every_item_once() -> None:
    tasks = BoundedQueue(1)

    def producer() -> None:
        for item in range(100):
            tasks.put(item)

    def consumer() -> list[int]:
        return [tasks.get() for _ in range(100)]

    *got, _, _ = together(consumer, consumer, producer, producer)
    assert sorted(got[0] + got[1]) == sorted([*range(100)] * 2)


def test_join_waits_until_all_tasks_are_done() -> None:
    tasks = filled(3, 1, 2, 3)
    done: list[int] = []

    def worker() -> None:
        for _ in range(3):
            item = tasks.get()
            done.append(item)
            tasks.task_done()

    def joiner() -> None:
        tasks.join()
        assert done == [1, 2, 3]

    together(joiner, joiner, worker)
    together(joiner)


def test_task_done_too_often() -> None:
    tasks = filled(1, "a")

    def user() -> None:
        tasks.get()
        tasks.task_done()
        with pytest.raises(ValueError):
            tasks.task_done()

    together(user)
