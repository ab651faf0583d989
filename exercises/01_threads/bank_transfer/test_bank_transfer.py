"""Public tests: run `pytest` in this folder."""

import random
import sys
import threading

import pytest
from bank_transfer import Bank

PATIENCE = 10  # seconds; ends a hang, decides nothing else
A_MOMENT = 0.3  # seconds in which another thread may come in; a right solution passes however long it is


class InterruptedBook(dict):
    """A book that lets another thread come in once: after the first account was read, or after the first was written.

    So the worst moment for a thread switch need not be waited for.
    """

    def interrupt(self, after, other):
        self.after, self.other = after, threading.Thread(target=other)

    def __getitem__(self, account):
        money = super().__getitem__(account)
        self.now_has_happened("read")
        return money

    def __setitem__(self, account, money):
        super().__setitem__(account, money)
        self.now_has_happened("write")

    def now_has_happened(self, event):
        if event == getattr(self, "after", None) and self.other.ident is None:
            self.other.start()
            self.other.join(A_MOMENT)  # with a lock in its way it does not get far, and that is fine

    def finish(self):
        """Wait for the end of the other thread; if it was never let in, it runs now."""
        if self.other.ident is None:
            self.other.start()
        self.other.join()


def run_in_threads(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_transfer():
    book = {"ann": 100, "bob": 20}
    bank = Bank(book)

    assert bank.transfer("ann", "bob", 70) is True
    assert bank.transfer("ann", "bob", 70) is False
    assert bank.balance("ann") == 30
    assert bank.total() == 120
    assert book == {"ann": 30, "bob": 90}


def test_everything_can_be_spent():
    book = {"ann": 10, "bob": 0}

    assert Bank(book).transfer("ann", "bob", 10) is True
    assert book == {"ann": 0, "bob": 10}


def test_money_can_be_paid_in():
    book = {"ann": 0, "bob": 0}
    bank = Bank(book)
    book["ann"] += 5

    assert bank.balance("ann") == 5
    assert bank.total() == 5
    assert bank.transfer("ann", "bob", 5) is True


def test_from_an_account_to_itself():
    book = {"ann": 10}
    bank = Bank(book)

    assert bank.transfer("ann", "ann", 10) is True
    assert bank.transfer("ann", "ann", 11) is False
    assert book == {"ann": 10}


def test_errors_change_nothing():
    book = {"ann": 10, "bob": 10}
    bank = Bank(book)

    for src, dst, amount, error in (
        ("ann", "zoe", 1, KeyError),
        ("zoe", "ann", 1, KeyError),
        ("ann", "bob", 0, ValueError),
        ("ann", "bob", -5, ValueError),
    ):
        with pytest.raises(error):
            bank.transfer(src, dst, amount)
    with pytest.raises(KeyError):
        bank.balance("zoe")

    assert book == {"ann": 10, "bob": 10}
    assert bank.transfer("ann", "bob", 1) is True, "after the errors, the bank works on"


def test_money_is_not_spent_twice():
    book = InterruptedBook(ann=10, bob=0, carl=0)
    bank = Bank(book)
    done = []
    book.interrupt("read", lambda: done.append(bank.transfer("ann", "carl", 7)))
    done.append(bank.transfer("ann", "bob", 7))
    book.finish()

    assert sorted(done) == [False, True]
    assert bank.total() == 10
    assert bank.balance("ann") == 3


def test_total_while_money_is_on_its_way():
    book = InterruptedBook(ann=10, bob=10)
    bank = Bank(book)
    totals = []
    book.interrupt("write", lambda: totals.append(bank.total()))
    bank.transfer("ann", "bob", 5)
    book.finish()

    assert totals == [20]


def test_others_do_not_wait():
    both_write = threading.Barrier(2)

    class SlowBook(dict):
        def __setitem__(self, account, money):
            both_write.wait(timeout=PATIENCE)  # passes when two threads have come this far
            super().__setitem__(account, money)

    bank = Bank(SlowBook(ann=10, bob=10, carl=10, dora=10))
    done = []
    run_in_threads(
        lambda: done.append(bank.transfer("ann", "bob", 5)),
        lambda: done.append(bank.transfer("carl", "dora", 5)),
    )

    assert done == [True, True], "the two transfers were never writing at the same time"


@pytest.fixture
def frequent_switches():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("frequent_switches")
def test_many_transfers_crossing():
    names = ["ann", "bob", "carl"]
    bank = Bank(dict.fromkeys(names, 1000))
    totals = []

    def customer(seed):
        chance = random.Random(seed)
        for _ in range(2000):
            bank.transfer(*chance.sample(names, 2), chance.randrange(1, 100))

    def accountant():
        totals.extend(bank.total() for _ in range(500))

    run_in_threads(*(lambda seed=seed: customer(seed) for seed in range(4)), accountant)

    assert set(totals) == {3000}
    assert min(map(bank.balance, names)) >= 0
