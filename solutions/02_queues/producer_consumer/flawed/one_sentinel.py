"""Puts one end mark for all consumers: the first one takes it, the others wait for ever.

caught_by: test_every_item_is_consumed_once
verdict: deadlock
"""

from __future__ import annotations

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
    waiting: queue.Queue[Any] = queue.Queue(maxsize=capacity)
    errors: list[BaseException] = []

    def produce(items: Iterable[Any]) -> None:
        try:
            for item in items:
                if errors:
                    return
                waiting.put(item)
        except BaseException as error:
            errors.append(error)

    def consume_until_end() -> None:
        while (item := waiting.get()) is not END:
            if errors:
                continue  # only make room, so that no producer stays blocked in put
            try:
                consume(item)
            except BaseException as error:
                errors.append(error)

    producer_threads = [threading.Thread(target=produce, args=(items,)) for items in producers]
    consumer_threads = [threading.Thread(target=consume_until_end) for _ in range(consumers)]
    for thread in producer_threads + consumer_threads:
        thread.start()
    for thread in producer_threads:
        thread.join()
    waiting.put(END)
    for thread in consumer_threads:
        thread.join()
    if errors:
        raise errors[0]
