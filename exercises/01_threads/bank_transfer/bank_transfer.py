"""A bank whose customers do not wait in one line. The rules are in README.md."""

from __future__ import annotations

from collections.abc import MutableMapping


class Bank:
    """Moves money between the accounts of a book. All of it may be used by any number of threads at the same time."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        """`balances` is the book: the money of each account. It is kept there, and nowhere else."""
        raise NotImplementedError

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much. If not, nothing is changed.

        Raises:
            KeyError: if one of the accounts is unknown.
            ValueError: if `amount` is less than 1.
        """
        raise NotImplementedError

    def balance(self, a: str) -> int:
        """The money in account `a`. Raises KeyError if it is unknown."""
        raise NotImplementedError

    def total(self) -> int:
        """The money in all accounts at one moment, with no transfer half done."""
        raise NotImplementedError
