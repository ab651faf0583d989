"""No lock at all: two transfers read the same balance, and one of them is lost.

caught_by: test_crossing_transfers
verdict: race
"""

from __future__ import annotations

from collections.abc import MutableMapping


class Bank:
    """Moves money between the accounts of a book, for any number of threads."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        self._balances = balances
        self._accounts = list(balances)

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much."""
        if amount < 1:
            raise ValueError(f"the amount must be at least 1, not {amount}")
        if src not in self._accounts or dst not in self._accounts:
            raise KeyError(src, dst)
        if self._balances[src] < amount:
            return False
        self._balances[src] -= amount
        self._balances[dst] += amount
        return True

    def balance(self, a: str) -> int:
        """The money in account `a`."""
        return self._balances[a]

    def total(self) -> int:
        """The money in all accounts at one moment."""
        return sum(self._balances.values())
