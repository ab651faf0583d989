"""Keeps no more than two calls in the race.

caught_by: test_all_are_submitted_at_once
verdict: fail
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, as_completed, wait
from typing import TypeVar

T = TypeVar("T")


def first_success(calls: Iterable[Callable[[], T]], executor: Executor) -> T:
    """Run all calls in `executor` at the same time and return the first result that is there.

    Raises an ExceptionGroup of all exceptions, in input order, if there is none.
    """
    futures = []
    for call in calls:
        futures.append(executor.submit(call))
        if len(futures) % 2 == 0:
            wait(futures, return_when=FIRST_COMPLETED)
    if not futures:
        raise ValueError("first_success needs at least one call")
    try:
        for future in as_completed(futures):
            if future.exception() is None:
                return future.result()
    finally:
        for future in futures:
            future.cancel()  # does nothing to those that run or are done
    raise ExceptionGroup("all calls failed", [future.exception() for future in futures])
