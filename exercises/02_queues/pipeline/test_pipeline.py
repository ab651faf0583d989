"""Public tests: run `pytest` in this folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count

import pytest
from pipeline import run_pipeline


def double(number: int) -> int:
    return 2 * number


def increment(number: int) -> int:
    return number + 1


@pytest.mark.parametrize("workers", [1, 3])
def test_results_in_order(workers: int) -> None:
    results = run_pipeline(range(100), [double, increment], workers=workers, buffer=2)
    assert list(results) == list(range(1, 201, 2))


def test_a_quick_item_does_not_overtake() -> None:
    second_is_done = threading.Event()

    def stage(item: int) -> int:
        if item == 1:
            second_is_done.wait()
        else:
            second_is_done.set()
        return item

    assert list(run_pipeline([1, 2], [stage], workers=2)) == [1, 2]


def test_anything_can_be_an_item() -> None:
    things = [None, 0, ValueError("only an object"), None, ""]
    assert list(run_pipeline(things, [lambda thing: thing])) == things


def test_stages_work_at_the_same_time() -> None:
    meeting = threading.Barrier(2)  # nobody passes before two calls are inside

    def first(item: str) -> str:
        if item == "b":
            meeting.wait()
        return item

    def second(item: str) -> str:
        if item == "a":
            meeting.wait()
        return item

    assert list(run_pipeline("ab", [first, second])) == ["a", "b"]


def test_workers_of_a_stage_work_at_the_same_time() -> None:
    meeting = threading.Barrier(3)
    assert len(list(run_pipeline(range(6), [lambda item: meeting.wait()], workers=3))) == 6


def test_an_endless_source_is_not_read_to_its_end() -> None:
    results = run_pipeline(count(), [double, increment], buffer=2)
    assert [next(results) for _ in range(5)] == [1, 3, 5, 7, 9]
    results.close()


def test_nothing_begins_before_the_first_result_is_asked_for() -> None:
    def source() -> Iterator[int]:
        pytest.fail("nobody has asked yet")
        yield 1

    before = threading.active_count()
    results = run_pipeline(source(), [double])
    assert threading.active_count() == before
    results.close()


def test_an_exception_has_its_place() -> None:
    def invert(number: int) -> float:
        return 1 / number

    results = run_pipeline(iter([4, 2, 0, 1]), [invert, double], workers=2, buffer=1)
    assert next(results) == 0.5
    assert next(results) == 1.0
    with pytest.raises(ZeroDivisionError):
        next(results)
    with pytest.raises(StopIteration):
        next(results)


def test_an_exception_of_the_source_comes_after_its_items() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise LookupError("no more")

    results = run_pipeline(source(), [double])
    assert next(results) == 2
    with pytest.raises(LookupError, match="no more"):
        next(results)


def test_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    list(run_pipeline(range(9), [double], workers=3))
    assert set(threading.enumerate()) <= before, "after the last result"
    results = run_pipeline(count(), [double, increment], workers=2, buffer=1)
    next(results)
    results.close()
    assert set(threading.enumerate()) <= before, "after close()"
    with pytest.raises(TypeError):
        list(run_pipeline(iter([1, 2, None, 3, 4, 5, 6]), [double, increment], buffer=1))
    assert set(threading.enumerate()) <= before, "after an exception"


def test_without_stages_the_items_are_the_results() -> None:
    assert list(run_pipeline("abc", [])) == ["a", "b", "c"]


@pytest.mark.parametrize(("workers", "buffer"), [(0, 1), (1, 0), (-1, 8)])
def test_refuses_less_than_one(workers: int, buffer: int) -> None:
    with pytest.raises(ValueError):
        run_pipeline([1], [double], workers, buffer)
