"""A lock meant to protect the results is held while the functions run.

caught_by: test_all_at_the_same_time
verdict: fail
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    if not thunks:
        return []
    lock = threading.Lock()

    def run(thunk: Callable[[], Any]) -> Any:
        with lock:
            return thunk()

    with ThreadPoolExecutor(max_workers=len(thunks)) as pool:
        futures = [pool.submit(run, thunk) for thunk in thunks]
    return [future.result() for future in futures]
