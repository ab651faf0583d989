"""Each thread hands its outcome over in one variable that all threads share.

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

    result = None

    def run(place: int, thunk: Callable[[], Any]) -> None:
        nonlocal result
        try:
            result = thunk()
            results[place] = result
        except BaseException as error:  # whatever it is, it must reach the caller
            errors[place] = error

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        if error is not None:
            raise error
    return results
