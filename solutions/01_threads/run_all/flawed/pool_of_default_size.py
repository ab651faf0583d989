"""The pool is as large as the executor likes, not as large as the list is long.

caught_by: test_all_at_the_same_time
verdict: fail
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(thunk) for thunk in thunks]
    return [future.result() for future in futures]
