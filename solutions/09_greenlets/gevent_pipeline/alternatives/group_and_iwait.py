"""A group of greenlets around a queue that ends for each worker by itself; who ends is asked what of, one by one."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import gevent
from gevent.pool import Group
from gevent.queue import Queue

T = TypeVar("T")
R = TypeVar("R")


def run_pipeline(source: Iterable[T], work: Callable[[T], Iterable[R]], workers: int, buffer: int) -> list[list[R]]:
    """Go through `work(item)` for every item of the source, and return the lists of parts in the order of the items."""
    if min(workers, buffer) < 1:
        raise ValueError("one worker and one place at least")
    waiting, everybody = Queue(buffer), Group()
    results: dict[int, list[R]] = {}

    def read() -> None:
        for numbered in enumerate(source):
            waiting.put(numbered)
        for _ in range(workers):
            waiting.put(StopIteration)  # ends the loop of the worker that gets it

    def work_off() -> None:
        for number, item in waiting:
            results[number] = []
            for part in work(item):
                results[number].append(part)
                gevent.sleep()

    try:
        started = [everybody.spawn(read), *(everybody.spawn(work_off) for _ in range(workers))]
        for ended in gevent.iwait(started):
            ended.get()
    finally:
        everybody.kill(block=False)
        try:
            everybody.join()
        finally:  # killed while it waits, it waits on
            everybody.join()
    return [results[number] for number in sorted(results)]
