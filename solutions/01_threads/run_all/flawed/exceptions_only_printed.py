"""Nothing catches an exception in a thread: it is printed, and the result is `None`.

caught_by: test_first_exception_is_raised
verdict: fail
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    results: list[Any] = [None] * len(thunks)

    def run(place: int, thunk: Callable[[], Any]) -> None:
        results[place] = thunk()

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
