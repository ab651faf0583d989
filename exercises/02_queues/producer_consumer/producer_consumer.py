"""Producers and consumers: connect them through a bounded queue. The rules are in README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def produce_consume(
    producers: Iterable[Iterable[Any]],
    consume: Callable[[Any], object],
    capacity: int,
    consumers: int = 1,
) -> None:
    """Call `consume` once with every item of every producer, and return when all is consumed.

    Each producer is iterated in a thread of its own; `consumers` threads call `consume`. At most `capacity`
    items wait in the queue, plus one in the hands of each producer. With one consumer the order of each
    producer is kept.

    Raises:
        ValueError: if `capacity` or `consumers` is less than 1.
        Exception: the first exception of a producer or of `consume`, once every thread has ended.
    """
    raise NotImplementedError
