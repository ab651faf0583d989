"""A greenlet for each item; whoever gets a slot takes the item that waits longest. Links tell who has ended and how."""

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
    waiting: deque[tuple[T, list[R]]] = deque()
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

    def one() -> None:
        with slots:
            item, parts = waiting.popleft()  # no matter who waited: a newcomer may be first where a slot becomes free
            room.release()
            if failed:
                return
            for part in work(item):
                parts.append(part)
                sleep(0)

    def read() -> None:
        for item in source:
            room.acquire()
            results.append([])
            waiting.append((item, results[-1]))
            start(one)

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
