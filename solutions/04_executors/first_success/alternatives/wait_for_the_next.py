"""`wait` for whichever is done next, among those that are still in the race."""

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
    racing = set(futures)
    while racing:
        done, racing = wait(racing, return_when=FIRST_COMPLETED)
        winner = next((future for future in done if not future.exception()), None)
        if winner is not None:
            for future in racing:
                future.cancel()
            return winner.result()
    raise ExceptionGroup("no call succeeded", [error for future in futures if (error := future.exception())])
