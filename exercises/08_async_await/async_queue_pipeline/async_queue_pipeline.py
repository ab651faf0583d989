"""A pipeline of tasks around a bounded queue. The rules are in README.md."""

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def run_pipeline(
    source: AsyncIterable[T],
    worker: Callable[[T], Awaitable[R]],
    workers: int,
    buffer: int,
) -> list[R]:
    """Await `worker(item)` for every item of the source, and return the results in the order of the items.

    One task asks the source, one item at a time; at most `workers` calls of `worker` are in progress; at most
    `buffer` items wait between them, plus the one that found no room.

    The first error, of the source or of a worker, cancels everything else, waits until it has cleaned up, and is
    raised as it is. Cancelling the call does the same and raises CancelledError. Every task started here has ended
    when the call ends.

    Raises ValueError if `workers` or `buffer` is less than 1.
    """
    raise NotImplementedError
