"""One item of each input by turns, until all are exhausted. The rules are in README.md."""

from collections.abc import Generator, Iterable
from typing import Any


def round_robin(*iterables: Iterable[Any]) -> Generator[Any, None, None]:
    """Give one item of the first input, one of the second, and so on, then again from the first.

    An exhausted input drops out. Nothing is taken from any input before it is asked for. Once the first item has been
    asked for, the end closes every input that can be closed: at `close()`, at an exception, and whenever else.
    """
    raise NotImplementedError
