"""Generators for the trampoline that write down what happens to them, as the judge has planned it.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    BaseException,
    Exception,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    any,
    isinstance,
    iter,
    len,
    max,
    min,
    range,
    type,
)
from gc import collect
from sys import _getframe, settrace
from types import FrameType
from weakref import ref


class Interruption(BaseException):
    """An exception that is not an Exception."""


ERRORS = {"LookupError": LookupError, "ValueError": ValueError, "Interruption": Interruption}


def give():
    return 1
    yield


NO_GENERATORS = {"None": None, "a number": 42, "a list": [], "an iterator": iter([]), "a generator function": give}


# ------------------------------------------------------------------ who runs when, and with what


def follow(student, plans):
    """Runs one plan after the other. For each: what was written down, and what came of the run."""
    return [Diary(student).run(plan) for plan in plans]


class Diary:
    """Makes generators out of plans, and knows the objects that must come out as they went in."""

    def __init__(self, student):
        self._trampoline = student.trampoline
        self._entries = []
        self._objects = []

    def run(self, plan):
        return [self._entries, self._outcome(self._generator(plan))]

    def _outcome(self, generator):
        try:
            return ["returned", self._known(self._trampoline(generator))]
        except NotImplementedError:
            raise
        except BaseException as error:
            return ["raised", self._known(error)]

    def _generator(self, plan):
        """A plan is a name and steps. A step is an action with its argument."""
        name, steps = plan
        self._write(name, "begins")
        try:
            for action, argument in steps:
                match action:
                    case "call":
                        value = yield self._generator(argument)
                        self._write(name, "goes on with", self._known(value))
                    case "try":
                        try:
                            value = yield self._callee(argument)
                            self._write(name, "goes on with", self._known(value))
                        except (Exception, Interruption) as error:  # not GeneratorExit
                            self._write(name, "catches", self._known(error))
                    case "run":
                        self._write(name, "ran another, which", self._outcome(self._generator(argument)))
                    case "yield":
                        yield NO_GENERATORS[argument]
                        self._write(name, "goes on")
                    case "return":
                        return argument
                    case "return object":
                        return self._new(self._generator(argument) if type(argument) is list else ERRORS[argument]())
                    case "raise":
                        raise self._new(ERRORS[argument](name))
        finally:
            self._write(name, "ends")

    def _callee(self, argument):
        return self._generator(argument) if type(argument) is list else NO_GENERATORS[argument]

    def _write(self, *entry):
        self._entries.append([*entry])

    def _new(self, thing):
        self._objects.append(thing)
        return thing

    def _known(self, value):
        """Says of an object made here that it is the one, and of an exception of which type it is."""
        if any(value is known for known in self._objects):
            return f"the very {type(value).__name__}"
        return _kind(value) if isinstance(value, BaseException) else value


# ------------------------------------------------------------------ depth


def deep_value(student, levels):
    def count(levels):
        return 1 + (yield count(levels - 1)) if levels else 0

    return student.trampoline(count(levels))


def deep_exception(student, levels):
    """How many levels the exception has passed, and whether the same one came out."""
    error, passed = LookupError("from the bottom"), []

    def level(levels):
        if not levels:
            raise error
        try:
            yield level(levels - 1)
        finally:
            passed.append(levels)

    try:
        student.trampoline(level(levels))
    except LookupError as raised:
        return [len(passed), raised is error]
    return [len(passed), False]


def stack_growth(student, levels):
    """By how much the stack is higher in the deepest call than in the first: beginning, with a value, with an error."""
    heights = {"begins": [], "goes on": [], "catches": []}

    def level(levels):
        heights["begins"].append(_stack_height())
        if levels:
            yield level(levels - 1)
            heights["goes on"].append(_stack_height())
        try:
            yield give_up()
        except ValueError:
            heights["catches"].append(_stack_height())

    def give_up():
        raise ValueError
        yield

    student.trampoline(level(levels))
    return {moment: max(found) - min(found) for moment, found in heights.items() if found}


def _stack_height():
    frame: FrameType | None = _getframe()
    height = 0
    while frame is not None:
        frame, height = frame.f_back, height + 1
    return height


# ------------------------------------------------------------------ cost


def lines_for_calls(student, levels, before, count):
    """How many lines of code other than this one's are executed for so many calls, so deep, after so many others."""
    lines = 0

    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename == "<scenarios>":
            return None
        lines += event == "line"
        return trace

    def go_down(levels):
        return (yield go_down(levels - 1) if levels else call_many())

    def call_many():
        for _ in range(before):
            yield give()
        lines_before = lines
        for _ in range(count):
            yield give()
        return lines - lines_before

    settrace(trace)
    try:
        return student.trampoline(go_down(levels))
    finally:
        settrace(None)


def many_deep_calls(student, levels, count):
    """So many calls, one after another, at the bottom of so many levels."""

    def go_down(levels):
        if levels:
            return (yield go_down(levels - 1))
        total = 0
        for _ in range(count):
            total += yield give()
        return total

    return student.trampoline(go_down(levels))


def kept(student, count):
    """How many of the generators that have returned are still there after so many calls, and how many there were."""
    gone = []
    references = []

    def call_many():
        for _ in range(count):
            generator = give()
            references.append(ref(generator, gone.append))
            yield generator
            del generator
        collect()
        return [len(references) - len(gone), len(references)]

    return student.trampoline(call_many())


def wrong_argument(student, thing):
    """The type of what is raised."""
    try:
        student.trampoline(NO_GENERATORS[thing])
    except NotImplementedError:
        raise
    except BaseException as error:
        return _kind(error)
    return "nothing"


def _kind(error):
    return "TypeError" if isinstance(error, TypeError) else type(error).__name__
