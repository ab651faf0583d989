"""A pool of `multiprocessing`, whose workers are threads: as many as there are functions, each of which gets one."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from typing import Any

Outcome = tuple[Any, BaseException | None]


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    if not thunks:
        return []
    with ThreadPool(len(thunks)) as pool:
        outcomes = pool.map(_outcome_of, thunks, chunksize=1)
        pool.close()
        pool.join()
    for _, error in outcomes:
        if error is not None:
            raise error
    return [result for result, _ in outcomes]


def _outcome_of(thunk: Callable[[], Any]) -> Outcome:
    try:
        return thunk(), None
    except BaseException as error:
        return None, error
