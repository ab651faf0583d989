"""The function that a thread runs looks up the loop variables, which may have gone on by then.

caught_by: test_threads_take_turns_in_any_order
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

    threads = []
    for place, thunk in enumerate(thunks):

        def run() -> None:
            try:
                results[place] = thunk()
            except BaseException as error:  # whatever it is, it must reach the caller
                errors[place] = error

        threads.append(threading.Thread(target=run))
        threads[-1].start()
    for thread in threads:
        thread.join()
    for error in errors:
        if error is not None:
            raise error
    return results
