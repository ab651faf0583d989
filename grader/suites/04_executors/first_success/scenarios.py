"""Drives `first_success` inside the sandbox. What the calls come to, and when, is up to the judge."""

from builtins import (
    BaseException,
    ExceptionGroup,
    LookupError,
    NotImplementedError,
    ValueError,
    iter,
    list,
    range,
    type,
)
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from grader.player.callbacks import Callback
from grader.player.schedules import breathe


def race(student, count, workers, from_iterator=False):
    """Tells the judge what came out as soon as it is there, and then whether the executor can still be used."""
    functions = [partial(Callback("call"), number) for number in range(count)]
    with ThreadPoolExecutor(workers) as executor:
        outcome = outcome_of(student, iter(functions) if from_iterator else functions, executor)
        Callback("decided")()
        return [*outcome, still_works(executor)]


def race_beside_others(student, count, workers):
    """The same, in an executor in which somebody else has something running, and then something waiting."""
    with ThreadPoolExecutor(workers) as executor:
        others = [executor.submit(Callback("other"), number) for number in range(workers)]

        def first():
            others.append(executor.submit(Callback("other"), workers))
            return Callback("call")(0)

        calls = [first, *(partial(Callback("call"), number) for number in range(1, count))]
        outcome = outcome_of(student, calls, executor)
        Callback("decided")()
        return [*outcome, [other.result() if not other.cancelled() else "cancelled" for other in others]]


def race_of_values(student, values, kinds):
    """Every call returns at once; what is no plain data is made here."""
    made = [*values, ValueError(kinds)]
    outcomes = []
    for value in made:
        with ThreadPoolExecutor(2) as executor:
            outcomes.append(outcome_of(student, [raising(LookupError(kinds)), lambda value=value: value], executor))
    return outcomes


def race_in_any_order(student, outcomes, workers):
    """For schedules: an outcome is a value, or a text that is raised."""
    calls = [raising(LookupError(o), breathe) if type(o) is str else returning(o, breathe) for o in outcomes]
    with ThreadPoolExecutor(workers) as executor:
        return outcome_of(student, calls, executor)


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


def raising(error, before=lambda: None):
    def call():
        before()
        raise error

    return call


def returning(value, before):
    def call():
        before()
        return value

    return call
