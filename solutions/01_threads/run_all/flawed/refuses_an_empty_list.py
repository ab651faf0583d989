"""An executor without workers cannot be made, so an empty list raises.

caught_by: test_each_function_is_called_once
verdict: fail
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    with ThreadPoolExecutor(max_workers=len(thunks)) as pool:
        futures = [pool.submit(thunk) for thunk in thunks]
    return [future.result() for future in futures]
