"""The last function to end wakes the caller, whose threads may then still be on their way out.

caught_by: test_no_thread_is_left
verdict: leak
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    results: list[Any] = [None] * len(thunks)
    errors: list[BaseException | None] = [None] * len(thunks)

    done = 0
    lock = threading.Lock()
    all_done = threading.Event()

    def run(place: int, thunk: Callable[[], Any]) -> None:
        nonlocal done
        try:
            results[place] = thunk()
        except BaseException as error:  # whatever it is, it must reach the caller
            errors[place] = error
        with lock:
            done += 1
            if done == len(thunks):
                all_done.set()

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
    if thunks:
        all_done.wait()
    for error in errors:
        if error is not None:
            raise error
    return results
