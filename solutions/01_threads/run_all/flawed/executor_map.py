"""`map` cancels what has not begun yet when it raises: some functions are then never called.

caught_by: test_threads_take_turns_in_any_order
verdict: race
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    if not thunks:
        return []
    with ThreadPoolExecutor(max_workers=len(thunks)) as pool:
        return list(pool.map(lambda thunk: thunk(), thunks))
