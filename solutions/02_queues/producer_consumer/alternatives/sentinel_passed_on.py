"""The last producer to end puts one end mark, and each consumer puts it back for the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from queue import Queue
from threading import Lock, Thread
from typing import Any


class End:
    """The type of the end mark: no item of a caller is this class."""


class Run:
    """One call of produce_consume."""

    def __init__(self, sources: list[Iterable[Any]], consume: Callable[[Any], object], capacity: int) -> None:
        self.sources = sources
        self.consume = consume
        self.queue: Queue[Any] = Queue(capacity)
        self.lock = Lock()
        self.open_producers = len(sources)
        self.first_error: BaseException | None = None

    def record(self, error: BaseException) -> None:
        with self.lock:
            if self.first_error is None:
                self.first_error = error

    def producer(self, source: Iterable[Any]) -> None:
        try:
            items = iter(source)
            while self.first_error is None:
                self.queue.put(next(items))
        except StopIteration:
            pass
        except BaseException as error:
            self.record(error)
        with self.lock:
            self.open_producers -= 1
            last = self.open_producers == 0
        if last:
            self.queue.put(End)

    def consumer(self) -> None:
        while True:
            item = self.queue.get()
            if item is End:
                self.queue.put(End)
                return
            if self.first_error is None:
                try:
                    self.consume(item)
                except BaseException as error:
                    self.record(error)


def produce_consume(
    producers: Iterable[Iterable[Any]],
    consume: Callable[[Any], object],
    capacity: int,
    consumers: int = 1,
) -> None:
    """Call `consume` once with every item of every producer; raise the first exception at the end."""
    if min(capacity, consumers) < 1:
        raise ValueError("capacity and consumers must be at least 1")
    run = Run(list(producers), consume, capacity)
    if not run.sources:
        return
    threads = [Thread(target=run.producer, args=(source,)) for source in run.sources]
    threads += [Thread(target=run.consumer) for _ in range(consumers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if run.first_error is not None:
        raise run.first_error
