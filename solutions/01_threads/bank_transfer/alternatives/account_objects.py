"""Each account is an object with a number and a reentrant lock; the lower number comes first."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping


class Account:
    """A place in the book with its lock."""

    def __init__(self, number: int, name: str, book: MutableMapping[str, int]) -> None:
        self.number, self.name, self.book = number, name, book
        self.lock = threading.RLock()

    @property
    def money(self) -> int:
        return self.book[self.name]

    @money.setter
    def money(self, money: int) -> None:
        self.book[self.name] = money


class Bank:
    """Moves money between the accounts of a book, for any number of threads."""

    def __init__(self, balances: MutableMapping[str, int]) -> None:
        self.accounts = {name: Account(number, name, balances) for number, name in enumerate(balances)}

    def transfer(self, src: str, dst: str, amount: int) -> bool:
        """Move `amount` from `src` to `dst`; return whether `src` had that much."""
        if amount <= 0:
            raise ValueError("only positive amounts can be moved")
        giver, taker = self.accounts[src], self.accounts[dst]
        first, second = (giver, taker) if giver.number <= taker.number else (taker, giver)
        with first.lock, second.lock:
            enough = giver.money >= amount
            if enough:
                giver.money -= amount
                taker.money += amount
            return enough

    def balance(self, a: str) -> int:
        """The money in account `a`."""
        return self.accounts[a].money

    def total(self) -> int:
        """The money in all accounts at one moment."""
        return self._total_of(list(self.accounts.values()))

    def _total_of(self, accounts: list[Account]) -> int:
        if not accounts:
            return 0
        first, *rest = accounts
        with first.lock:
            return first.money + self._total_of(rest)  # and keep this lock until the rest is counted
