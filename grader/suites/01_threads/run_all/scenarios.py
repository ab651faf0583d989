"""Drives `run_all` inside the sandbox, with functions that the judge answers or, under schedules, with our own."""

from functools import partial
from threading import get_native_id

from grader.player.callbacks import Callback
from grader.player.schedules import breathe, pause


def numbered(student, number):
    """The results, and the thread of the caller. Every function tells the judge its place in the list."""
    results = student.run_all([partial(Callback("function"), place) for place in range(number)])
    return {"results": results, "caller": get_native_id()}


def the_same(student, number):
    """One function, so many times."""
    return student.run_all([Callback("function")] * number)


def returned_exceptions(student, messages):
    """What is an exception is returned, not raised."""
    return student.run_all([partial(LookupError, message) for message in messages])


def slow(student, seconds):
    """Each function takes so many seconds and returns their number. For virtual time, which can be had for nothing."""

    def function(lasts):
        pause(lasts)
        return lasts

    return student.run_all([partial(function, lasts) for lasts in seconds])


def taking_turns(student, answers, failing):
    """Results or exception of short functions, those at the places in `failing` raise, and the places called."""
    called = []

    def function(place, answer):
        called.append(place)
        breathe()
        if place in failing:
            raise LookupError(answer)
        return answer

    try:
        result = student.run_all([partial(function, place, answer) for place, answer in enumerate(answers)])
    except LookupError as error:
        result = error
    return [result, called]
