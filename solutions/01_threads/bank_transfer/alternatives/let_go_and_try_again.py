"""Waits for one lock only; if another one is taken, lets go of all and waits for that one first. No order is needed."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, MutableMapping
from contextlib import contextmanager


class Bank:
    """Moves money between the accounts of a book, for any number of threads."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        self._book = balances
        self._locks = {account: threading.Lock() for account in balances}

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much."""
        if not {src, dst} <= self._locks.keys():
            raise KeyError(src, dst)
        if amount < 1:
            raise ValueError("amount must be positive")
        with self._holding({src, dst}):
            if self._book[src] < amount:
                return False
            self._book[src] -= amount
            self._book[dst] += amount
            return True

    def balance(self, a: str) -> int:
        """The money in account `a`."""
        with self._locks[a]:
            return self._book[a]

    def total(self) -> int:
        """The money in all accounts at one moment."""
        with self._holding(self._locks.keys()):
            return sum(self._book.values())

    @contextmanager
    def _holding(self, accounts: Collection[str]) -> Iterator[None]:
        first = min(accounts)
        while (taken := self._try_to_take(first, accounts)) is not None:
            first = taken
        try:
            yield
        finally:
            self._release(accounts)

    def _try_to_take(self, first: str, accounts: Collection[str]) -> str | None:
        """Wait for the first one; take the others if they are free. None, or the account that was not."""
        self._locks[first].acquire()
        held = [first]
        for account in accounts:
            if account != first:
                if not self._locks[account].acquire(blocking=False):
                    self._release(held)
                    return account
                held.append(account)
        return None

    def _release(self, accounts: Collection[str]) -> None:
        for account in accounts:
            self._locks[account].release()
