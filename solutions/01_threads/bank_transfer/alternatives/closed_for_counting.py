"""Transfers lock two accounts each; to count the total, the bank closes its door and waits until nobody is inside."""

from __future__ import annotations

import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager


class Bank:
    """Moves money between the accounts of a book, for any number of threads."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        self._book = balances
        self._locks = {account: threading.Lock() for account in balances}
        self._order = {account: place for place, account in enumerate(balances)}
        self._door = threading.Condition()
        self._inside = 0
        self._counting = False

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much."""
        if src not in self._book or dst not in self._book:
            raise KeyError(src, dst)
        if amount < 1:
            raise ValueError("amount must be positive")
        if src == dst:
            return self.balance(src) >= amount
        first, second = sorted((src, dst), key=self._order.__getitem__)
        with self._visit(), self._locks[first], self._locks[second]:
            if self._book[src] < amount:
                return False
            self._book[dst] += amount
            self._book[src] -= amount
            return True

    def balance(self, a: str) -> int:
        """The money in account `a`."""
        return self._book[a]

    def total(self) -> int:
        """The money in all accounts at one moment."""
        with self._door:
            self._door.wait_for(lambda: not self._counting)
            self._counting = True
            self._door.wait_for(lambda: self._inside == 0)
        money = sum(self._book[account] for account in self._book)
        with self._door:
            self._counting = False
            self._door.notify_all()
        return money

    @contextmanager
    def _visit(self) -> Iterator[None]:
        with self._door:
            self._door.wait_for(lambda: not self._counting)
            self._inside += 1
        try:
            yield
        finally:
            with self._door:
                self._inside -= 1
                self._door.notify_all()
