"""Lets student generators take turns among inputs that tell the judge of themselves, inside the sandbox.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    BaseException,
    Exception,
    NotImplementedError,
    StopIteration,
    enumerate,
    iter,
    list,
    next,
    range,
    str,
)
from itertools import islice

from grader.player.callbacks import Callback
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
    """What was answered. The judge hears which of so many inputs are asked, and when the caller asks."""
    log = EventLog(Callback("event"))
    by_turns = student.round_robin(*[Source(str(place), log) for place in range(inputs)])
    came = []
    for _ in range(times):
        log.add("caller", "asks")
        came.append(_outcome(next, by_turns))
    log.end()
    return came


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
    """What comes of ending it after so many items, and what comes next. The judge hears of what is closed before that.

    Each input is a shape and a number of items. The ending is a method; for "next" there should be an input that fails.
    """
    log = EventLog(Callback("event"))
    by_turns = student.round_robin(*[_input(str(place), log, *about) for place, about in enumerate(inputs)])
    given = [_outcome(next, by_turns) for _ in range(times)]
    match ending:
        case "next":
            outcome = _outcome(next, by_turns)
        case "close":
            outcome = _outcome(by_turns.close)
        case "throw":
            outcome = _outcome(by_turns.throw, ThrownError())
    log.add("caller", "has ended it")
    log.end()
    return [given, outcome, _outcome(next, by_turns)]


def _input(name, log, shape, length):
    match shape:
        case "list":
            return [name] * length
        case "iterator":
            return Source(name, log)
        case "shelf":
            return Shelf(Source(name, log))
        case "failing":
            return Source(name, log, raises=InputError())
        case "close fails":
            return Source(name, log, close_raises=CloseError())
