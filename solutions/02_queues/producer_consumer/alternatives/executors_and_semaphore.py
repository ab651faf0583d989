"""Two thread pools: one iterates the producers, one consumes; a semaphore bounds what waits between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import Any


def produce_consume(
    producers: Iterable[Iterable[Any]],
    consume: Callable[[Any], object],
    capacity: int,
    consumers: int = 1,
) -> None:
    """Call `consume` once with every item of every producer; raise the first exception at the end."""
    if not (capacity >= 1 and consumers >= 1):
        raise ValueError("capacity and consumers must be at least 1")
    sources = list(producers)
    if not sources:
        return
    places = Semaphore(capacity)
    errors: list[BaseException] = []

    def consume_one(item: Any) -> None:
        places.release()  # the item waits no longer
        if not errors:
            try:
                consume(item)
            except BaseException as error:
                errors.append(error)

    def produce(source: Iterable[Any]) -> None:
        try:
            for item in source:
                places.acquire()
                if errors:
                    places.release()  # for the next producer that waits for a place
                    return
                consumer_pool.submit(consume_one, item)
        except BaseException as error:
            errors.append(error)

    with (
        ThreadPoolExecutor(consumers) as consumer_pool,  # closed last: it finishes what the producers handed over
        ThreadPoolExecutor(len(sources)) as producer_pool,
    ):
        for source in sources:
            producer_pool.submit(produce, source)
    if errors:
        raise errors[0]
