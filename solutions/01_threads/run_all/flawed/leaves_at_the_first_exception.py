"""Raises as soon as the thread with the exception is joined; those behind it in the list still run.

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

    def run(place: int, thunk: Callable[[], Any]) -> None:
        try:
            results[place] = thunk()
        except BaseException as error:  # whatever it is, it must reach the caller
            errors[place] = error

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
    for thread, place in zip(threads, range(len(thunks)), strict=True):
        thread.join()
        if (error := errors[place]) is not None:
            raise error
    return results
