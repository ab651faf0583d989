"""Waits for the first of all calls again and again, also when one has failed and so is done for ever.

caught_by: test_waiting_sleeps
verdict: fail
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from typing import TypeVar

T = TypeVar("T")


def first_success(calls: Iterable[Callable[[], T]], executor: Executor) -> T:
    """Run all calls in `executor` at the same time and return the first result that is there."""
    calls = list(calls)
    if not calls:
        raise ValueError("no calls")
    futures = [executor.submit(call) for call in calls]
    racing = futures
    while racing:
        done, unfinished = wait(futures, return_when=FIRST_COMPLETED)
        racing = list(unfinished)
        winner = next((future for future in done if not future.exception()), None)
        if winner is not None:
            for future in racing:
                future.cancel()
            return winner.result()
    raise ExceptionGroup("no call succeeded", [error for future in futures if (error := future.exception())])
