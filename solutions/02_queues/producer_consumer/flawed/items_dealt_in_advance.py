"""Deals the items to one queue per consumer: behind a slow one they wait though another one is idle.

caught_by: test_nobody_waits_for_a_slow_neighbor
verdict: fail
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

END = object()


def produce_consume(
    producers: Iterable[Iterable[Any]],
    consume: Callable[[Any], object],
    capacity: int,
    consumers: int = 1,
) -> None:
    """Call `consume` once with every item of every producer; raise the first exception at the end."""
    if capacity < 1 or consumers < 1:
        raise ValueError(f"capacity and consumers must be at least 1, not {capacity} and {consumers}")
    places = threading.Semaphore(capacity)
    desks: list[queue.Queue[Any]] = [queue.Queue() for _ in range(consumers)]
    next_desk = itertools.cycle(desks)
    dealing = threading.Lock()
    errors: list[BaseException] = []

    def produce(items: Iterable[Any]) -> None:
        try:
            for item in items:
                if errors:
                    return
                places.acquire()
                with dealing:
                    next(next_desk).put(item)
        except BaseException as error:
            errors.append(error)

    def consume_until_end(desk: queue.Queue[Any]) -> None:
        while (item := desk.get()) is not END:
            places.release()
            if errors:
                continue  # only make room, so that no producer stays blocked in put
            try:
                consume(item)
            except BaseException as error:
                errors.append(error)

    producer_threads = [threading.Thread(target=produce, args=(items,)) for items in producers]
    consumer_threads = [threading.Thread(target=consume_until_end, args=(desk,)) for desk in desks]
    for thread in producer_threads + consumer_threads:
        thread.start()
    for thread in producer_threads:
        thread.join()
    for desk in desks:
        desk.put(END)
    for thread in consumer_threads:
        thread.join()
    if errors:
        raise errors[0]
