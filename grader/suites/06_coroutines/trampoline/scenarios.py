"""Generators for the trampoline that do as the judge says, and tell it what happens to them.

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

from grader.player.callbacks import Callback
from grader.player.generators import EventLog


class Interruption(BaseException):
    """An exception that is not an Exception."""


ERRORS = {"LookupError": LookupError, "ValueError": ValueError, "Interruption": Interruption}


def give():
    return 1
    yield


NO_GENERATORS = {"None": None, "a number": 42, "a list": [], "an iterator": iter([]), "a generator function": give}


# ------------------------------------------------------------------ who runs when, and with what


def follow(student, name):
    """What came of running the generator of this name.

    The judge hears of all that happens, and says at each step of a generator what the next one is: an action with its
    argument. So nobody in this process knows what will be done or returned before it is due.
    """
    log = EventLog(Callback("event"))
    try:
        return Puppets(student, log).outcome(name)
    finally:
        log.end()


class Puppets:
    """Makes generators that do as the judge says, and knows the objects that must come out as they went in."""

    def __init__(self, student, log):
        self._trampoline = student.trampoline
        self._tell = log.add
        self._objects = []

    def outcome(self, name):
        try:
            return ["returned", self._known(self._trampoline(self._generator(name)))]
        except NotImplementedError:
            raise
        except BaseException as error:
            return ["raised", self._known(error)]

    def _generator(self, name):
        self._tell(name, "begins")
        try:
            while step := self._tell(name, "asks"):
                action, argument = step[0]
                match action:
                    case "call":
                        value = yield self._generator(argument)
                        self._tell(name, "goes on with", self._known(value))
                    case "try":
                        try:
                            value = yield self._callee(argument)
                            self._tell(name, "goes on with", self._known(value))
                        except (Exception, Interruption) as error:  # not GeneratorExit
                            self._tell(name, "catches", self._known(error))
                    case "run":
                        self._tell(name, "ran another, which", self.outcome(argument))
                    case "yield":
                        yield NO_GENERATORS[argument]
                        self._tell(name, "goes on")
                    case "return":
                        return argument
                    case "return generator":
                        return self._new(self._generator(argument))
                    case "return error":
                        return self._new(ERRORS[argument]())
                    case "raise":
                        raise self._new(ERRORS[argument](name))
        finally:
            self._tell(name, "ends")

    def _callee(self, argument):
        return NO_GENERATORS[argument] if argument in NO_GENERATORS else self._generator(argument)

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
    """What the judge says at the bottom, and one for each level."""

    def count(levels):
        return 1 + (yield count(levels - 1)) if levels else Callback("start")()

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
    """So many calls at the bottom of so many levels: one for each, and what the judge says there."""

    def go_down(levels):
        if levels:
            return (yield go_down(levels - 1))
        total = Callback("start")()
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
