"""The threads report through a queue, in the order in which they end; the caller sorts."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from operator import itemgetter
from typing import Any


def run_all(thunks: list[Callable[[], Any]]) -> list[Any]:
    """Call every function in a thread of its own; return their results, or raise the first exception, in list order."""
    outcomes: queue.SimpleQueue[tuple[int, bool, Any]] = queue.SimpleQueue()

    def report(place: int, thunk: Callable[[], Any]) -> None:
        try:
            outcomes.put((place, True, thunk()))
        except BaseException as error:
            outcomes.put((place, False, error))

    threads = [threading.Thread(target=report, args=item) for item in enumerate(thunks)]
    for thread in threads:
        thread.start()
    in_order = sorted((outcomes.get() for _ in threads), key=itemgetter(0))
    for thread in threads:
        thread.join()
    for _, returned, error in in_order:
        if not returned:
            raise error
    return [result for _, _, result in in_order]
