"""A counter that many threads share. The rules are in README.md."""

from __future__ import annotations


class Counter:
    """Counts up and down from 0. All of it may be used by any number of threads at the same time."""

    def __init__(self) -> None:
        raise NotImplementedError

    def increment(self, n: int = 1) -> None:
        """Add `n`."""
        raise NotImplementedError

    def decrement(self, n: int = 1) -> None:
        """Subtract `n`."""
        raise NotImplementedError

    @property
    def value(self) -> int:
        """The sum of all that was counted so far, each call in it as a whole or not at all."""
        raise NotImplementedError
