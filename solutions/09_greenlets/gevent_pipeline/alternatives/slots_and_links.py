"""No queue: the reader spawns each item's greenlet, which waits for a slot; links tell who has ended, and how."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from gevent import Greenlet, joinall, killall, sleep
from gevent.event import Event
from gevent.lock import Semaphore

T = TypeVar("T")
R = TypeVar("R")


def run_pipeline(source: Iterable[T], work: Callable[[T], Iterable[R]], workers: int, buffer: int) -> list[list[R]]:
    """Go through `work(item)` for every item of the source, and return the lists of parts in the order of the items."""
    if workers < 1 or buffer < 1:
        raise ValueError(f"no pipeline with {workers} workers and {buffer} places")
    slots, room = Semaphore(workers), Semaphore(buffer)
    running: set[Greenlet] = set()
    failed: deque[BaseException] = deque()
    changed = Event()
    results: list[list[R]] = []

    def start(function: Callable[..., Any], *args: Any) -> None:
        greenlet = Greenlet(function, *args)
        running.add(greenlet)
        greenlet.rawlink(ended)
        greenlet.start()

    def ended(greenlet: Greenlet) -> None:
        running.discard(greenlet)
        if greenlet.exception is not None:
            failed.append(greenlet.exception)
        changed.set()

    def one(item: T, parts: list[R]) -> None:
        with slots:
            room.release()
            if failed:
                return
            making = iter(work(item))
            while True:
                try:
                    parts.append(next(making))
                except StopIteration:
                    return
                sleep(0)

    def read() -> None:
        for item in source:
            room.acquire()
            results.append([])
            start(one, item, results[-1])

    start(read)
    try:
        while running and not failed:
            changed.wait()
            changed.clear()
    finally:
        left = list(running)
        killall(left, block=False)
        try:
            joinall(left)
        finally:  # whatever is thrown in meanwhile
            joinall(left)
    if failed:
        raise failed[0]
    return results
