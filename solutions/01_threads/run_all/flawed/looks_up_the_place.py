"""Finds the place of a function by looking for it in the list, where it may stand twice.

caught_by: test_each_function_is_called_once
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

    def run(thunk: Callable[[], Any]) -> None:
        place = thunks.index(thunk)
        try:
            results[place] = thunk()
        except BaseException as error:  # whatever it is, it must reach the caller
            errors[place] = error

    threads = [threading.Thread(target=run, args=(thunk,)) for thunk in thunks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        if error is not None:
            raise error
    return results
