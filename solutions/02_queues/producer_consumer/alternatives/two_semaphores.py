"""Dijkstra's solution: one semaphore counts the free places, another one the filled places."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from threading import Event, Semaphore, Thread
from typing import Any

END = object()


class Exchange:
    """What the threads share."""

    def __init__(self, capacity: int) -> None:
        self.free = Semaphore(capacity)
        self.filled = Semaphore(0)
        self.items: deque[Any] = deque()  # append and popleft are atomic
        self.errors: list[BaseException] = []
        self.stop = Event()

    def take(self) -> Any:
        self.filled.acquire()
        if self.stop.is_set():
            return END
        try:
            item = self.items.popleft()
        except IndexError:  # a filled place without an item: the producers have ended
            return END
        self.free.release()
        return item

    def fail(self, error: BaseException) -> None:
        self.errors.append(error)
        self.stop.set()
        self.free.release()  # wakes one producer, which wakes the next


class Producer(Thread):
    def __init__(self, exchange: Exchange, items: Iterable[Any]) -> None:
        super().__init__()
        self.exchange = exchange
        self.source = items

    def run(self) -> None:
        exchange = self.exchange
        try:
            for item in self.source:
                exchange.free.acquire()
                if exchange.stop.is_set():
                    exchange.free.release()
                    return
                exchange.items.append(item)
                exchange.filled.release()
        except BaseException as error:
            exchange.fail(error)


class Consumer(Thread):
    def __init__(self, exchange: Exchange, consume: Callable[[Any], object]) -> None:
        super().__init__()
        self.exchange = exchange
        self.consume = consume

    def run(self) -> None:
        try:
            while (item := self.exchange.take()) is not END:
                self.consume(item)
        except BaseException as error:
            self.exchange.fail(error)


def produce_consume(
    producers: Iterable[Iterable[Any]],
    consume: Callable[[Any], object],
    capacity: int,
    consumers: int = 1,
) -> None:
    """Call `consume` once with every item of every producer; raise the first exception at the end."""
    if capacity < 1 or consumers < 1:
        raise ValueError("capacity and consumers must be positive")
    exchange = Exchange(capacity)
    producing = [Producer(exchange, items) for items in producers]
    consuming = [Consumer(exchange, consume) for _ in range(consumers)]
    for thread in [*producing, *consuming]:
        thread.start()
    for producer in producing:
        producer.join()
    exchange.filled.release(consumers)
    for consumer in consuming:
        consumer.join()
    if exchange.errors:
        raise exchange.errors[0]
