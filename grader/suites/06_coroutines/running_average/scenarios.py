"""Talks to running averages inside the sandbox, step by step as the judge says.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import BaseException, KeyError, NotImplementedError, StopIteration, ValueError, next, range

from grader.player.callbacks import Callback


class Interruption(BaseException):
    """An exception that no student has heard of."""


def converse(student):
    """The judge says what each step is, and hears at once what comes of it.

    A step names its average, made when first named, and what is done to it.
    """
    tell = Callback("event")
    averages = {}
    while step := tell("caller", "asks"):
        name, action, argument = step[0]
        if name not in averages:
            averages[name] = student.running_average()
        tell("caller", "got", _outcome(student, averages[name], action, argument))


def _outcome(student, average, action, argument):
    try:
        return ["gave", _act(student, average, action, argument)]
    except StopIteration as stop:
        return ["stopped", stop.value]
    except NotImplementedError:
        raise
    except BaseException as error:
        return ["raised", error]


def _act(student, average, action, argument):
    match action:
        case "next":
            return next(average)
        case "send":
            return average.send(argument)
        case "throw":
            return average.throw(_thrown(student, argument))
        case "close":
            return average.close()


def _thrown(student, name):
    """`KeyError` is the class, `KeyError()` an instance."""
    known = {"Reset": student.Reset, "KeyError": KeyError, "ValueError": ValueError, "Interruption": Interruption}
    kind = known[name.removesuffix("()")]
    return kind() if name.endswith("()") else kind


def last_mean(student, numbers, times):
    """What answers the last number when all are sent that many times over."""
    average = student.running_average()
    next(average)
    mean = None
    for _ in range(times):
        for number in numbers:
            mean = average.send(number)
    return mean


def last_mean_of_different_numbers(student, first, count):
    """The same for `first`, `first` + 1 and so on: no two of them are the same object."""
    average = student.running_average()
    next(average)
    mean = None
    for number in range(count):
        mean = average.send(first + number)
    return mean
