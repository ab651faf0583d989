"""Drives `produce_consume` inside the sandbox. Every `next` of a producer and every `consume` is up to the judge."""

from grader.player.callbacks import Callback, RemoteIterator


def produce_consume(student, producers, **sizes):
    """`producers` is how many there are; `sizes` are `capacity` and, where given, `consumers`."""
    sources = [RemoteIterator("next", producer) for producer in range(producers)]
    return student.produce_consume(sources, Callback("consume"), **sizes)
