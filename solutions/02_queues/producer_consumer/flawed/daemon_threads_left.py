"""Waits until all items are done, but never ends the consumers: daemon threads stay behind in get.

caught_by: test_no_thread_is_left
verdict: leak
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any


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

    def consume_for_ever() -> None:
        while True:
            item = waiting.get()
            try:
                if not errors:
                    consume(item)
            except BaseException as error:
                errors.append(error)
            finally:
                waiting.task_done()

    producer_threads = [threading.Thread(target=produce, args=(items,)) for items in producers]
    consumer_threads = [threading.Thread(target=consume_for_ever, daemon=True) for _ in range(consumers)]
    for thread in producer_threads + consumer_threads:
        thread.start()
    for thread in producer_threads:
        thread.join()
    waiting.join()
    if errors:
        raise errors[0]
