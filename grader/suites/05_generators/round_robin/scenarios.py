"""Lets student generators take turns among logged inputs inside the sandbox.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    BaseException,
    Exception,
    NotImplementedError,
    StopIteration,
    enumerate,
    iter,
    len,
    list,
    next,
    range,
    str,
)
from itertools import chain, islice

from grader.player.generators import EventLog, Source


class InputError(Exception):
    """Raised by an input. No student has heard of it."""


class CloseError(Exception):
    """Raised by closing an input."""


class ThrownError(Exception):
    """Thrown into the generator."""


class Shelf:
    """What can be gone through, but is no iterator itself."""

    def __init__(self, source):
        self._source = source

    def __iter__(self):
        return self._source


def items_by_turns(student, inputs, at_most, once=()):
    """All items, if they are not more than `at_most`. The inputs in the places `once` can be gone through only once."""
    given = [iter(items) if place in once else items for place, items in enumerate(inputs)]
    return list(islice(student.round_robin(*given), at_most))


def who_is_asked(student, inputs, times):
    """The places of the inputs asked by the call, of those asked for each answer, and what was answered."""
    log = EventLog()
    by_turns = student.round_robin(*[Source(str(place), log, items) for place, items in enumerate(inputs)])
    at_the_call = _asked(log)
    for_each, came = [], []
    for _ in range(times):
        before = len(_asked(log))
        came.append(_outcome(next, by_turns))
        for_each.append(_asked(log)[before:])
    return [at_the_call, for_each, came]


def _asked(log):
    return [name for name, what, *_ in log.events if what == "next"]


def _outcome(act, *arguments):
    try:
        return ["gave", act(*arguments)]
    except NotImplementedError:
        raise
    except StopIteration:
        return ["ended", None]
    except BaseException as error:
        return ["raised", error]


def end(student, inputs, times, ending):
    """What comes of ending it after so many items, which of the inputs have been closed by then, and what comes next.

    Each input is a shape and a number of items. The ending is a method; for "next" there should be an input that fails.
    """
    log = EventLog()
    by_turns = student.round_robin(*[_input(str(place), log, *about) for place, about in enumerate(inputs)])
    given = [_outcome(next, by_turns) for _ in range(times)]
    match ending:
        case "next":
            outcome = _outcome(next, by_turns)
        case "close":
            outcome = _outcome(by_turns.close)
        case "throw":
            outcome = _outcome(by_turns.throw, ThrownError())
    closed = [name for name, what, *_ in log.events if what == "close"]
    return [given, outcome, closed, _outcome(next, by_turns)]


def _input(name, log, shape, length):
    items = [name] * length
    match shape:
        case "list":
            return items
        case "iterator":
            return Source(name, log, items)
        case "shelf":
            return Shelf(Source(name, log, items))
        case "failing":
            return Source(name, log, chain(items, [InputError()]))
        case "close fails":
            return Source(name, log, items, close_raises=CloseError())
