"""Drives `run_all` inside the sandbox, with functions that the judge answers or, under schedules, with our own."""

from functools import partial
from threading import Event, get_native_id

from grader.player.callbacks import Callback
from grader.player.schedules import breathe, pause


def functions(does, places):
    """One for each place, with which it calls `does`. They look alike, so nobody can tell what a scenario is about."""

    def function(place):
        return does(place)

    return [partial(function, place) for place in places]


def numbered(student, number):
    """The results, and the thread of the caller. Every function tells the judge its place in the list."""
    results = student.run_all(functions(Callback("function"), range(number)))
    return {"results": results, "caller": get_native_id()}


def the_same(student, number):
    """One function, so many times."""
    return student.run_all(functions(Callback("function"), [0]) * number)


def returned_exceptions(student, messages):
    """What is an exception is returned, not raised."""
    return student.run_all([partial(LookupError, message) for message in messages])


def slow(student, seconds):
    """Each function takes so many seconds and returns their number. For virtual time, which can be had for nothing."""

    def takes_long(place):
        pause(seconds[place])
        return seconds[place]

    return student.run_all(functions(takes_long, range(len(seconds))))


def taking_turns(student, answers, failing, meet=False):
    """Results or exception of short functions, those at the places in `failing` raise, and the places called.

    With `meet`, each waits until all have been called.
    """
    called = []
    all_here = Event()

    def short(place):
        called.append(place)
        breathe()
        if len(called) == len(answers):
            all_here.set()
        if meet:
            all_here.wait()
        if place in failing:
            raise LookupError(answers[place])
        return answers[place]

    try:
        result = student.run_all(functions(short, range(len(answers))))
    except LookupError as error:
        result = error
    return [result, called]
