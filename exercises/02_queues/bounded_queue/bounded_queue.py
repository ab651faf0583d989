"""A bounded queue, built from a lock and conditions. The rules are in README.md."""

from __future__ import annotations

from typing import Any


class BoundedQueue:
    """Hands items from thread to thread, first in, first out, and never holds more than `maxsize` of them.

    With `maxsize` 0 or less there is no limit.
    """

    def __init__(self, maxsize: int) -> None:
        raise NotImplementedError

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item in; wait while the queue is full, unless `block` is false, and at most `timeout` seconds.

        Raises:
            queue.Full: if there was no room.
            ValueError: if `timeout` is negative.
        """
        raise NotImplementedError

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the oldest item out; wait while there is none, unless `block` is false, and at most `timeout` seconds.

        Raises:
            queue.Empty: if there was no item.
            ValueError: if `timeout` is negative.
        """
        raise NotImplementedError

    def qsize(self) -> int:
        """How many items are in the queue."""
        raise NotImplementedError

    def empty(self) -> bool:
        """Whether there is no item."""
        raise NotImplementedError

    def full(self) -> bool:
        """Whether there is no room. Without a limit there always is."""
        raise NotImplementedError

    def task_done(self) -> None:
        """Say that one of the items that were put has been dealt with.

        Raises:
            ValueError: if that was said for all of them already.
        """
        raise NotImplementedError

    def join(self) -> None:
        """Wait until every item that was put has been dealt with."""
        raise NotImplementedError
