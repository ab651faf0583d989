"""A pipeline of greenlets around a bounded queue. The rules are in README.md."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def run_pipeline(source: Iterable[T], work: Callable[[T], Iterable[R]], workers: int, buffer: int) -> list[list[R]]:
    """Go through `work(item)` for every item of the source, and return the lists of parts in the order of the items.

    One greenlet asks the source, one item at a time; at most `workers` items are in work; at most `buffer` wait between
    them. Between two parts of an item, everybody else gets a turn.

    The first error, of the source or of a worker, kills everything else, waits until it has cleaned up, and is raised
    as it is. What is thrown into the call does the same and is raised. Every greenlet started here has ended when the
    call ends.

    Raises ValueError if `workers` or `buffer` is less than 1.
    """
    raise NotImplementedError
