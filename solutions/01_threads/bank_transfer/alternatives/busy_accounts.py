"""A set of accounts that are in use, under one condition that is held only to look into the set and change it."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, MutableMapping
from contextlib import contextmanager


class Bank:
    """Moves money between the accounts of a book, for any number of threads."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        self._book = balances
        self._busy: set[str] = set()
        self._changed = threading.Condition()

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much."""
        if amount < 1:
            raise ValueError(amount)
        with self._reserved({src, dst}):
            money, others = self._book[src], self._book[dst]
            if money < amount:
                return False
            if src != dst:
                self._book[src] = money - amount
                self._book[dst] = others + amount
            return True

    def balance(self, a: str) -> int:
        """The money in account `a`."""
        with self._reserved({a}):
            return self._book[a]

    def total(self) -> int:
        """The money in all accounts at one moment."""
        with self._reserved(set(self._book)):
            return sum(money for _, money in self._book.items())

    @contextmanager
    def _reserved(self, accounts: Collection[str]) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._busy.isdisjoint(accounts))
            self._busy.update(accounts)
        try:
            yield
        finally:
            with self._changed:
                self._busy.difference_update(accounts)
                self._changed.notify_all()
