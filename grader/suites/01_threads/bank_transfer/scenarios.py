"""Drives `Bank` inside the sandbox, around a book of ours, at each access to which others may come in."""

from builtins import range
from collections.abc import MutableMapping
from functools import partial

from grader.player.callbacks import Callback
from grader.player.schedules import breathe, together


class Book(MutableMapping):
    """Behaves like a dict. `read` and `write` are called with the account before it is read or written."""

    def __init__(self, money, read, write):
        self.money = money
        self.read, self.write = read, write
        self.lowest = min(money.values())

    def __getitem__(self, account):
        if account not in self.money:
            raise KeyError(account)
        self.read(account)
        return self.money[account]

    def __setitem__(self, account, money):
        self.write(account)
        self.money[account] = money
        self.lowest = min(self.lowest, money)

    def __delitem__(self, account):
        del self.money[account]

    def __contains__(self, account):
        return account in self.money

    def __iter__(self):
        return iter(list(self.money))

    def __len__(self):
        return len(self.money)


def give_way(account):
    breathe()


def one_thread(student, balances, steps):
    """What each step came to, and the book in the end. A step is a method with its arguments, or "pay in"."""
    book = Book(balances, give_way, give_way)
    bank = student.Bank(book)
    results = []
    for name, *arguments in steps:
        if name == "pay in":
            account, amount = arguments
            book.money[account] += amount
        else:
            results.append(came_of(getattr(bank, name), arguments))
    return [results, book.money]


def came_of(function, arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return error


def several_threads(student, balances, plans, totals=0):
    """What the transfers of each thread came to, the totals that one more thread saw, the book, the lowest balance."""
    book = Book(balances, give_way, give_way)
    bank = student.Bank(book)

    def follow(plan):
        return [bank.transfer(*transfer) for transfer in plan]

    def count():
        return [bank.total() for _ in range(totals)]

    functions = [partial(follow, plan) for plan in plans]
    *moved, seen = together(*functions, *([count] if totals else [list]))
    return [moved, seen, book.money, book.lowest]


def beside_a_slow_one(student, balances, slow, behind, quick):
    """While the `slow` transfer is under way, one that has to wait for it, and the `quick` ones of other accounts.

    Each access to the book takes as long as the judge likes, and so does each pause before another transfer begins. It
    is told when a quick one has come to its end.
    """
    book = Book(balances, Callback("read"), Callback("write"))
    bank = student.Bank(book)
    pause_behind, pause, done = Callback("pause behind"), Callback("pause"), Callback("done")

    def follow_behind():
        pause_behind()
        return bank.transfer(*behind)

    def be_quick():
        moved = []
        for transfer in quick:
            pause()
            moved.append(bank.transfer(*transfer))
            bank.balance(transfer[0])
            done()
        return moved

    results = together(partial(bank.transfer, *slow), follow_behind, be_quick)
    return [results, book.money]
