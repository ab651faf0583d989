"""Keeps exceptions among the results, and so raises one that a function has only returned.

caught_by: test_results_in_the_order_of_the_list
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
        try:
            results[place] = thunk()
        except BaseException as error:  # whatever it is, it must reach the caller
            results[place] = error

    threads = [threading.Thread(target=run, args=(place, thunk)) for place, thunk in enumerate(thunks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
