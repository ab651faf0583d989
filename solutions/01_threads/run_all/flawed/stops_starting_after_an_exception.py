"""When a function has raised before all threads are started, the rest are never called.

caught_by: test_threads_take_turns_in_any_order
verdict: race
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
    started = []
    for thread in threads:
        if any(error is not None for error in errors):
            break
        thread.start()
        started.append(thread)
    for thread in started:
        thread.join()
    for error in errors:
        if error is not None:
            raise error
    return results
