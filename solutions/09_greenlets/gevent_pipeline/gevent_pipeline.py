"""A pipeline of greenlets around a bounded queue."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import gevent
from gevent.queue import Queue

T = TypeVar("T")
R = TypeVar("R")

END = object()  # nobody's item


def run_pipeline(source: Iterable[T], work: Callable[[T], Iterable[R]], workers: int, buffer: int) -> list[list[R]]:
    """Go through `work(item)` for every item of the source, and return the lists of parts in the order of the items."""
    if workers < 1 or buffer < 1:
        raise ValueError(f"workers and buffer must be at least 1, not {workers} and {buffer}")
    waiting: Queue[Any] = Queue(maxsize=buffer)
    results: list[list[R]] = []

    def read() -> None:
        for item in source:
            results.append([])
            waiting.put((item, results[-1]))
        for _ in range(workers):
            waiting.put(END)

    def work_off() -> None:
        for item, parts in iter(waiting.get, END):
            for part in work(item):
                parts.append(part)
                gevent.sleep(0)

    greenlets = [gevent.spawn(read), *(gevent.spawn(work_off) for _ in range(workers))]
    try:
        gevent.joinall(greenlets, raise_error=True)
    finally:
        _end(greenlets)
    return results


def _end(greenlets: list[gevent.Greenlet]) -> None:
    gevent.killall(greenlets, block=False)
    try:
        gevent.joinall(greenlets)
    finally:  # who waits for them may be killed as well, and waits on
        gevent.joinall(greenlets)
