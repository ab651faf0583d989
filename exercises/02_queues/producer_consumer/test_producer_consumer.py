"""Public tests of produce_consume. Run `pytest` in this folder."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest
from producer_consumer import produce_consume

PATIENCE = 10.0  # seconds: only there so that a test cannot hang; a right solution needs milliseconds
CALLER = "caller of produce_consume"


def run(*args: Any, **kwargs: Any) -> None:
    """Call produce_consume; if it hangs, fail and say which thread waits where."""
    outcome: Future[None] = Future()

    def call() -> None:
        try:
            outcome.set_result(produce_consume(*args, **kwargs))
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=call, name=CALLER, daemon=True).start()
    wait([outcome], timeout=PATIENCE)
    if not outcome.done():
        pytest.fail(f"still waiting after {PATIENCE:g} s:\n{who_waits_where()}", pytrace=False)
    outcome.result()


def who_waits_where() -> str:
    """One line for each thread that is inside producer_consumer.py: its name and the line it has reached."""
    stacks = sys._current_frames()
    lines = []
    for thread in threading.enumerate():
        summary = traceback.StackSummary.extract(traceback.walk_stack(stacks.get(thread.ident or 0)))
        own = [entry for entry in summary if Path(entry.filename).name == "producer_consumer.py"]
        if own:  # the innermost call comes first
            lines.append(f"  {thread.name}: producer_consumer.py, line {own[0].lineno}: {own[0].line}")
    return "\n".join(lines) or "  (no thread is inside producer_consumer.py any more)"


@pytest.fixture(scope="module", autouse=True)
def exit_in_spite_of_hanging_threads() -> Iterator[None]:
    """Python exits once all threads have ended; if some never will, end the process after the last test."""
    yield
    if any(thread.name == CALLER for thread in threading.enumerate()):
        last_resort = threading.Timer(PATIENCE, lambda: (sys.stdout.flush(), os._exit(1)))
        last_resort.daemon = True
        last_resort.start()


def test_every_item_is_consumed_once() -> None:
    producers = [range(0, 100), range(100, 150), [], range(150, 151)]
    consumed: list[int] = []
    run(producers, consumed.append, capacity=3, consumers=4)
    assert sorted(consumed) == list(range(151))


def test_one_consumer_keeps_the_order_of_each_producer() -> None:
    producers = [[(name, i) for i in range(50)] for name in "abc"]
    consumed: list[tuple[str, int]] = []
    run(producers, consumed.append, capacity=2)
    for name in "abc":
        assert [i for who, i in consumed if who == name] == list(range(50)), f"order of producer {name}"


def test_none_is_an_item_like_any_other() -> None:
    consumed: list[object] = []
    run([[None, 0, None, ""]], consumed.append, capacity=1)
    assert consumed == [None, 0, None, ""]


def test_consuming_starts_before_producing_ends() -> None:
    first_consumed = threading.Event()

    def patient_producer() -> Iterator[int]:
        yield 1
        first_consumed.wait()  # hangs here if the consumers wait for the end of production
        yield 2

    run([patient_producer()], lambda item: first_consumed.set(), capacity=5)


def test_consumers_work_at_the_same_time() -> None:
    meeting = threading.Barrier(3)  # nobody passes before three consume calls are inside at once
    run([range(6)], lambda item: meeting.wait(), capacity=2, consumers=3)


def test_a_fast_producer_waits_for_a_slow_consumer() -> None:
    capacity = 3
    given = begun = most_waiting = 0

    def fast_producer() -> Iterator[int]:
        nonlocal given
        while given < 2000:
            given += 1
            yield given

    def consume(item: int) -> None:
        nonlocal begun, most_waiting
        begun += 1
        most_waiting = max(most_waiting, given - begun)

    run([fast_producer()], consume, capacity=capacity)
    assert most_waiting <= capacity + 1, "too many items were waiting at once"


def test_a_failing_consumer_ends_everything() -> None:
    def endless() -> Iterator[int]:
        while True:
            yield 1

    def consume(item: int) -> None:
        raise ZeroDivisionError("from consume")

    with pytest.raises(ZeroDivisionError, match="from consume"):
        run([endless(), endless()], consume, capacity=2, consumers=2)


def test_a_failing_producer_ends_everything() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("from a producer")

    with pytest.raises(ZeroDivisionError, match="from a producer"):
        run([failing()], lambda item: None, capacity=2, consumers=3)


def test_no_thread_is_left() -> None:
    used: list[threading.Thread] = []

    def producer() -> Iterator[int]:
        for i in range(20):
            used.append(threading.current_thread())
            yield i

    def consume(item: int) -> None:
        used.append(threading.current_thread())

    run([producer(), producer()], consume, capacity=2, consumers=2)
    left = {thread.name for thread in used if thread.is_alive()}
    assert not left, "these threads are still alive after the call"


def test_no_producers_is_fine() -> None:
    run([], lambda item: pytest.fail("nothing to consume"), capacity=1, consumers=2)


@pytest.mark.parametrize(("capacity", "consumers"), [(0, 1), (-1, 1), (1, 0)])
def test_refuses_less_than_one(capacity: int, consumers: int) -> None:
    with pytest.raises(ValueError):
        run([[1]], lambda item: None, capacity=capacity, consumers=consumers)
