"""Drives `produce_consume` inside the sandbox. Every `next` of a producer and every `consume` is up to the judge.

Under schedules they are our own. Both kinds look alike, so nobody can tell what a scenario is about.
"""

from builtins import LookupError, all, len, range, sorted, sum
from threading import Event

from grader.player.callbacks import Callback, RemoteIterator


def call(student, producers, ask, take, sizes):
    """With so many producers, whose items come from `ask`, and a function that hands each item to `take`."""

    def give(producer):
        return ask(producer)

    def consume(item):
        take(item)

    student.produce_consume([RemoteIterator(give, producer) for producer in range(producers)], consume, **sizes)


def produce_consume(student, producers, **sizes):
    """`producers` is how many there are; `sizes` are `capacity` and, where given, `consumers`. Tells of nothing."""
    call(student, producers, Callback("next"), Callback("consume"), sizes)


def consumed(student, gives, consumers, meet=False, fails=None, **sizes):
    """For schedules: what was consumed, sorted. Consuming the item `fails` raises.

    All must be at work at once: nothing is given until all producers have been asked. With `meet`, consuming takes
    until all consumers have an item, and some producer was asked for another one: there must be as many.
    """
    asked = [0] * len(gives)
    items = []
    all_asked, all_at_work = Event(), Event()

    def began():
        if all(asked):
            all_asked.set()
        if len(items) >= consumers and sum(asked) > len(gives):
            all_at_work.set()

    def give(producer):
        place = asked[producer]
        asked[producer] += 1
        began()
        all_asked.wait()
        return gives[producer][place : place + 1]

    def take(item):
        items.append(item)
        began()
        if meet:
            all_at_work.wait()
        if item == fails:
            raise LookupError(item)

    call(student, len(gives), give, take, {"consumers": consumers, **sizes})
    return sorted(items)
