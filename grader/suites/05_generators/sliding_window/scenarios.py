"""Asks sliding windows for windows inside the sandbox, from inputs that tell the judge what is taken.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    BaseException,
    Exception,
    NotImplementedError,
    StopIteration,
    iter,
    list,
    next,
    range,
    tuple,
    type,
    zip,
)
from itertools import islice

from grader.player.adversaries import Cast, iterable
from grader.player.callbacks import Callback
from grader.player.generators import EventLog, Source


class SensorError(Exception):
    """An exception that no student has heard of."""


def windows(student, source, items, n, at_most):
    """All windows over an input of that kind, if they are not more than `at_most`."""
    return list(islice(student.sliding_window(iterable(source, items), n), at_most))


def windows_of_text(student, text, n, at_most):
    return list(islice(student.sliding_window(text, n), at_most))


def windows_of_anything(student, source, items, n, at_most):
    """Of each window whether it is a tuple, and which of the items it holds."""
    cast = Cast()
    given = islice(student.sliding_window(iterable(source, [cast.value(item) for item in items]), n), at_most)
    return [[type(window) is tuple, *[cast.which(item) for item in window]] for window in list(given)]


def taken_by_each(student, n, times):
    """So many windows. The judge hears of each item that is taken, and of each window that is asked for."""
    log = EventLog(Callback("event"))
    sliding = iter(student.sliding_window(Source("items", log), n))
    given = []
    for _ in range(times):
        log.add("caller", "asks")
        given.append(next(sliding))
    log.end()
    return given


def wrong_n(student, n):
    """What came of asking for a window. The judge hears of each item that is taken."""
    log = EventLog(Callback("event"))
    try:
        window = next(iter(student.sliding_window(Source("items", log), n)))
    except NotImplementedError:
        raise
    except StopIteration:
        outcome: list[object] = ["ended", None]
    except BaseException as error:
        outcome = ["raised", error]
    else:
        outcome = ["gave", window]
    return outcome


def until_it_fails(student, n, at_most):
    """The windows from an input that raises after its last item, and what came then."""
    source = Source("items", EventLog(Callback("event")), raises=SensorError())
    given = []
    try:
        for window in islice(student.sliding_window(source, n), at_most):
            given.append(window)
    except NotImplementedError:
        raise
    except BaseException as error:
        return [given, "raised", error]
    return [given, "ended", None]


def by_turns(student, inputs, n, times):
    """So many windows of each input, one of each by turns."""
    slidings = [iter(student.sliding_window(list(items), n)) for items in inputs]
    given = [[] for _ in slidings]
    for _ in range(times):
        for windows, sliding in zip(given, slidings):  # noqa: B905 - they are of the same length
            windows.append(next(sliding))
    return given


def last_of_many(student, first, count, n):
    """How many windows there are over `first`, `first` + 1 and so on, and the last one.

    No two items are the same object.
    """
    number, last = 0, None
    for window in student.sliding_window((first + place for place in range(count)), n):
        number, last = number + 1, window
    return [number, last]
