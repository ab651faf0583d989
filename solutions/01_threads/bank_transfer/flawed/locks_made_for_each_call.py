"""Each call makes locks of its own, which nobody else ever waits for.

caught_by: test_crossing_transfers
verdict: race
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager


class Bank:
    """Moves money between the accounts of a book, for any number of threads."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        self._balances = balances

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much."""
        if amount < 1:
            raise ValueError(f"the amount must be at least 1, not {amount}")
        with self._locked(src, dst):
            if self._balances[src] < amount:
                return False
            self._balances[src] -= amount
            self._balances[dst] += amount
            return True

    def balance(self, a: str) -> int:
        """The money in account `a`."""
        with self._locked(a):
            return self._balances[a]

    def total(self) -> int:
        """The money in all accounts at one moment."""
        with self._locked(*self._balances):
            return sum(self._balances.values())

    @contextmanager
    def _locked(self, *accounts: str) -> Iterator[None]:
        with ExitStack() as stack:
            for account in sorted(set(accounts)):
                if account not in self._balances:
                    raise KeyError(account)
                stack.enter_context(threading.Lock())
            yield
