"""A cyclic barrier: threads wait for each other, round after round. The rules are in README.md."""

from __future__ import annotations


class Barrier:
    """The place where `parties` threads wait for each other, as often as they like.

    Raises:
        ValueError: if `parties` is less than 1.
    """

    def __init__(self, parties: int) -> None:
        raise NotImplementedError

    def wait(self) -> int:
        """Wait until `parties` calls of this round have been made.

        Returns one of the numbers 0 to `parties - 1`: in each round, each of them once.
        """
        raise NotImplementedError
