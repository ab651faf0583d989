"""Drives `Counter` inside the sandbox: by one thread, or by several that take turns under the scheduler."""

from functools import partial

from grader.player.schedules import together


def count(counter, step):
    """A positive step is an increment, a negative one a decrement; None is a call without a number."""
    if step is None:
        counter.increment()
    elif step > 0:
        counter.increment(step)
    else:
        counter.decrement(-step)


def one_thread(student, steps):
    """The values at first and after each step."""
    counter = student.Counter()
    values = [counter.value]
    for step in steps:
        count(counter, step)
        values.append(counter.value)
    return values


def odd_numbers(student, number):
    """Calls with zero and negative numbers, and a decrement without any."""
    counter = student.Counter()
    counter.increment(0)
    counter.decrement(-number)
    counter.increment(-1)
    counter.decrement(0)
    counter.decrement()
    return counter.value


def two_counters(student, steps):
    """The values of two counters, after `steps` have gone to them by turns, and of a third that nobody used."""
    counters = [student.Counter(), student.Counter()]
    for n, step in enumerate(steps):
        count(counters[n % 2], step)
    return [counter.value for counter in [*counters, student.Counter()]]


def several_threads(student, plans):
    """The value in the end; each plan is what one thread counts."""
    counter = student.Counter()
    together(*(partial(follow, counter, plan) for plan in plans))
    return counter.value


def with_reader(student, plans, reads):
    """What one more thread reads meanwhile, what each of the others reads at its end, and the value in the end."""
    counter = student.Counter()
    seen = []

    def read():
        for _ in range(reads):
            seen.append(counter.value)

    *own, _ = together(*(partial(follow, counter, plan) for plan in plans), read)
    return [seen, own, counter.value]


def follow(counter, plan):
    """Counts what the plan says; returns the value after that."""
    for step in plan:
        count(counter, step)
    return counter.value
