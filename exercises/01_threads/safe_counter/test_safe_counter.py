"""Public tests: run `pytest` in this folder."""

import threading

from safe_counter import Counter

A_MOMENT = 0.3  # seconds in which another thread may come in; a right solution passes however long it is


class Interrupted(int):
    """A number that lets another thread come in while it is added or subtracted for the first time.

    So the worst moment for a thread switch, between reading and storing, need not be waited for.
    """

    def interrupted_by(self, other):
        self.other = other
        return self

    def let_other_come_in(self):
        if not has_started(self.other):
            self.other.start()
            self.other.join(A_MOMENT)  # with a lock in its way it does not get far, and that is fine

    def __radd__(self, value):
        self.let_other_come_in()
        return value + int(self)

    def __rsub__(self, value):
        self.let_other_come_in()
        return value - int(self)

    def __add__(self, value):
        return self.__radd__(value)


def has_started(thread):
    return thread.ident is not None


def finish(thread):
    """Wait for its end; if it was never let in, it runs now."""
    if not has_started(thread):
        thread.start()
    thread.join()


def test_starts_at_zero():
    assert Counter().value == 0


def test_counts_up_and_down():
    counter = Counter()
    counter.increment()
    counter.increment(10)
    counter.decrement(4)
    counter.decrement()

    assert counter.value == 6


def test_counts_below_zero():
    counter = Counter()
    counter.decrement(3)
    counter.increment(-2)

    assert counter.value == -5


def test_two_counters_are_independent():
    one, other = Counter(), Counter()
    one.increment(5)

    assert (one.value, other.value) == (5, 0)


def test_no_increment_is_lost():
    counter = Counter()
    other = threading.Thread(target=counter.increment, args=(50,))
    counter.increment(Interrupted(3).interrupted_by(other))
    finish(other)

    assert counter.value == 53, "another thread came in between reading and storing"


def test_no_decrement_is_lost():
    counter = Counter()
    other = threading.Thread(target=counter.increment, args=(50,))
    counter.decrement(Interrupted(3).interrupted_by(other))
    finish(other)

    assert counter.value == 47, "another thread came in between reading and storing"


def test_nobody_sees_half_of_an_update():
    counter = Counter()
    seen = []
    other = threading.Thread(target=lambda: seen.append(counter.value))
    counter.increment(Interrupted(3).interrupted_by(other))
    finish(other)

    assert seen in ([0], [3])


def test_many_threads():
    counter = Counter()

    def count():
        for _ in range(1000):
            counter.increment(3)
            counter.decrement(2)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counter.value == 8000
