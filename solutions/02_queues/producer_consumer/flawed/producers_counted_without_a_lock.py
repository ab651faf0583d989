"""The number of producers at work is counted down without a lock, so that two may count as one.

caught_by: test_any_order_of_threads
verdict: deadlock
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any


class ClosedError(Exception):
    """Nothing more can be put or got."""


class Channel:
    """At most `capacity` items between `producers` open producers and any number of consumers."""

    def __init__(self, capacity: int, producers: int) -> None:
        self.capacity = capacity
        self.producers = producers
        self.items: deque[Any] = deque()
        self.error: BaseException | None = None
        self.changed = threading.Condition()

    def put(self, item: Any) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.error or len(self.items) < self.capacity)
            if self.error:
                raise ClosedError
            self.items.append(item)
            self.changed.notify_all()

    def get(self) -> Any:
        with self.changed:
            self.changed.wait_for(lambda: self.error or self.items or not self.producers)
            if self.error or not self.items:
                raise ClosedError
            self.changed.notify_all()
            return self.items.popleft()

    def producer_done(self) -> None:
        self.producers -= 1
        with self.changed:
            self.changed.notify_all()

    def fail(self, error: BaseException) -> None:
        with self.changed:
            self.error = self.error or error
            self.changed.notify_all()


def produce_consume(
    producers: Iterable[Iterable[Any]],
    consume: Callable[[Any], object],
    capacity: int,
    consumers: int = 1,
) -> None:
    """Call `consume` once with every item of every producer; raise the first exception at the end."""
    if capacity < 1:
        raise ValueError("capacity must be at least 1")
    if consumers < 1:
        raise ValueError("consumers must be at least 1")
    sources = list(producers)
    channel = Channel(capacity, len(sources))

    def produce(source: Iterable[Any]) -> None:
        for item in source:
            channel.put(item)
        channel.producer_done()

    def consume_all() -> None:
        while True:
            consume(channel.get())

    def run(work: Callable[..., None], *args: Any) -> None:
        try:
            work(*args)
        except ClosedError:
            pass
        except BaseException as error:
            channel.fail(error)

    threads = [threading.Thread(target=run, args=(produce, source)) for source in sources]
    threads += [threading.Thread(target=run, args=(consume_all,)) for _ in range(consumers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if channel.error:
        raise channel.error
