"""Looks at the calls in input order, and so waits for a slow one before it sees a quick one.

caught_by: test_slow_calls_are_not_waited_for
verdict: fail
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from typing import TypeVar

T = TypeVar("T")


def first_success(calls: Iterable[Callable[[], T]], executor: Executor) -> T:
    """Run all calls in `executor` at the same time and return the first result that is there.

    Raises an ExceptionGroup of all exceptions, in input order, if there is none.
    """
    futures = [executor.submit(call) for call in calls]
    if not futures:
        raise ValueError("first_success needs at least one call")
    try:
        for future in futures:
            if future.exception() is None:
                return future.result()
    finally:
        for future in futures:
            future.cancel()  # does nothing to those that run or are done
    raise ExceptionGroup("all calls failed", [future.exception() for future in futures])
