"""Waits for each thread before it starts the next one.

caught_by: test_all_at_the_same_time
verdict: fail
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    results: list[Any] = [None] * len(thunks)
    errors: list[BaseException | None] = [None] * len(thunks)

    def run(place: int, thunk: Callable[[], Any]) -> None:
        try:
            results[place] = thunk()
        except BaseException as error:  # whatever it is, it must reach the caller
            errors[place] = error

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
        thread.join()
    for error in errors:
        if error is not None:
            raise error
    return results
