"""The threads count themselves down without a lock; when a count is lost, the caller waits forever.

caught_by: test_threads_take_turns_in_any_order
verdict: deadlock
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    results: list[Any] = [None] * len(thunks)
    errors: list[BaseException | None] = [None] * len(thunks)

    left = len(thunks)
    all_done = threading.Event()

    def run(place: int, thunk: Callable[[], Any]) -> None:
        nonlocal left
        try:
            results[place] = thunk()
        except BaseException as error:  # whatever it is, it must reach the caller
            errors[place] = error
        left -= 1
        if left == 0:
            all_done.set()

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
    if thunks:
        all_done.wait()
    for thread in threads:
        thread.join()
    for error in errors:
        if error is not None:
            raise error
    return results
