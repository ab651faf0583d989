"""A pool of greenlets, one for each item, fed from the queue by a dispatcher; the first error is handed over."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult
from gevent.pool import Pool
from gevent.queue import Queue

T = TypeVar("T")
R = TypeVar("R")


def run_pipeline(source: Iterable[T], work: Callable[[T], Iterable[R]], workers: int, buffer: int) -> list[list[R]]:
    """Go through `work(item)` for every item of the source, and return the lists of parts in the order of the items."""
    if min(workers, buffer) < 1:
        raise ValueError("one worker and one place at least")
    waiting, over = Queue(buffer), AsyncResult()
    pool = Pool(workers)
    results: dict[int, list[R]] = {}

    def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any) -> None:
            try:
                function(*args)
            except Exception as error:
                if not over.ready():
                    over.set_exception(error)

        return run

    @guarded
    def one(number: int, item: T) -> None:
        parts = iter(work(item))
        results[number] = []
        for part in parts:
            results[number].append(part)
            gevent.sleep()

    @guarded
    def read() -> None:
        for numbered in enumerate(source):
            waiting.put(numbered)
        waiting.put(StopIteration)  # ends the loop of who gets it

    @guarded
    def dispatch() -> None:
        for number, item in waiting:
            pool.spawn(one, number, item)
        pool.join()
        if not over.ready():
            over.set([results[number] for number in sorted(results)])

    reader, dispatcher = gevent.spawn(read), gevent.spawn(dispatch)
    try:
        return over.get()
    finally:
        dispatcher.kill()  # at once, as it has nothing to clean up: else it might spawn one more meanwhile
        reader.kill(block=False)
        pool.kill(block=False)
        reader.join()
        pool.join()
