"""The threads count themselves down under a condition, and sort their results into a dict."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    results: dict[int, Any] = {}
    errors: dict[int, BaseException] = {}
    changed = threading.Condition()

    def run(place: int, thunk: Callable[[], Any]) -> None:
        try:
            result = thunk()
        except BaseException as error:
            with changed:
                errors[place] = error
                changed.notify()
        else:
            with changed:
                results[place] = result
                changed.notify()

    threads = []
    for place, thunk in enumerate(thunks):
        threads.append(threading.Thread(target=run, args=(place, thunk), daemon=True))
        threads[-1].start()
    with changed:
        changed.wait_for(lambda: len(results) + len(errors) == len(thunks))
    for thread in threads:  # each has told its outcome, but may still be on its way out
        thread.join()
    if errors:
        raise errors[min(errors)]
    return [results[place] for place in range(len(thunks))]
