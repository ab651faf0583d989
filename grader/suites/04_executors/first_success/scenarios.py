"""Drives `first_success` inside the sandbox. What the calls come to, and when, is up to the judge.

Under schedules they are our own. Both kinds look alike, so nobody can tell what a scenario is about.
"""

from builtins import (
    BaseException,
    ExceptionGroup,
    LookupError,
    NotImplementedError,
    ValueError,
    iter,
    len,
    list,
    range,
    type,
)
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

from grader.player.callbacks import Callback


def calls_of(does, count):
    """One for each number, with which it calls `does`."""

    def call(number):
        return does(number)

    return [partial(call, number) for number in range(count)]


def race(student, count, workers, from_iterator=False):
    """Tells the judge what came out as soon as it is there, and then whether the executor can still be used."""
    functions = calls_of(Callback("call"), count)
    with ThreadPoolExecutor(workers) as executor:
        outcome = outcome_of(student, iter(functions) if from_iterator else functions, executor)
        Callback("decided")()
        return [*outcome, still_works(executor)]


def race_beside_others(student, count, workers):
    """The same, in an executor in which somebody else has something running, and then something waiting."""
    with ThreadPoolExecutor(workers) as executor:
        others = [executor.submit(Callback("other"), number) for number in range(workers)]

        def does(number):
            if number == 0:
                others.append(executor.submit(Callback("other"), workers))
            return Callback("call")(number)

        outcome = outcome_of(student, calls_of(does, count), executor)
        Callback("decided")()
        return [*outcome, [other.result() if not other.cancelled() else "cancelled" for other in others]]


def race_of_values(student, values, kinds):
    """Every call returns at once; what is no plain data is made here."""
    made = [*values, ValueError(kinds)]
    outcomes = []
    for value in made:
        with ThreadPoolExecutor(2) as executor:
            calls = calls_of(partial(raise_or_return, [LookupError(kinds)], [value]), 2)
            outcomes.append(outcome_of(student, calls, executor))
    return outcomes


def race_in_any_order(student, outcomes, workers):
    """For schedules: an outcome is a value, or a text that is raised. None is there until all workers are busy."""
    begun = []
    all_busy = Event()

    def does(number):
        begun.append(number)
        if len(begun) == workers:
            all_busy.set()
        all_busy.wait()
        outcome = outcomes[number]
        if type(outcome) is str:
            raise LookupError(outcome)
        return outcome

    with ThreadPoolExecutor(workers) as executor:
        return outcome_of(student, calls_of(does, len(outcomes)), executor)


def outcome_of(student, calls, executor):
    try:
        return "returned", student.first_success(calls, executor)
    except ExceptionGroup as group:
        return "raised a group", list(group.exceptions)
    except NotImplementedError:
        raise
    except BaseException as error:
        return "raised", error


def still_works(executor):
    try:
        return executor.submit(lambda: "works").result()
    except BaseException as error:
        return error


def raise_or_return(errors, values, number):
    """The first numbers have errors, those that follow have values."""
    if number < len(errors):
        raise errors[number]
    return values[number - len(errors)]
