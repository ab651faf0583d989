"""Drives `produce_consume` inside the sandbox. Every `next` of a producer and every `consume` is up to the judge."""

from builtins import iter, sorted

from grader.player.callbacks import Callback, RemoteIterator


def produce_consume(student, producers, **sizes):
    """`producers` is how many there are; `sizes` are `capacity` and, where given, `consumers`. Tells of nothing."""
    sources = [RemoteIterator("next", producer) for producer in range(producers)]
    student.produce_consume(sources, Callback("consume"), **sizes)


def consumed(student, gives, fails=None, **sizes):
    """For schedules: what was consumed, sorted. Consuming the item `fails` raises."""
    items = []

    def consume(item):
        items.append(item)
        if item == fails:
            raise LookupError(item)

    student.produce_consume([iter(give) for give in gives], consume, **sizes)
    return sorted(items)
