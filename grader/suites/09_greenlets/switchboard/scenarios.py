"""Drives `ping_pong` and `generator` inside the sandbox: functions that do as planned, and tell what happens to them.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

import sys
from builtins import BaseException, NotImplementedError, RuntimeError, iter, list, next, sorted, type
from gc import disable, enable
from weakref import ref

from greenlet import GreenletExit, greenlet  # type: ignore[import-untyped]

from grader.player.adversaries import Cast
from grader.player.callbacks import DirectCallback
from grader.player.generators import EventLog
from grader.player.greenlets import lines_that_start_threads

threads_started = lines_that_start_threads("switchboard.py")
log = EventLog(DirectCallback("event"))


def tell(who, what, *values):
    log.add(who, what, *values)


class Words:
    """Makes the objects of a plan, and says of an object which it is."""

    def __init__(self):
        self._values, self._errors = Cast(), Cast()
        self.value = self._values.value
        self._raised = []

    def error(self, described):
        self._raised.append(self._errors.error(described))
        return self._raised[-1]

    def of(self, thing):
        if thing is None:
            return "none 0"
        which = self._values.which(thing)
        return "another object" if which is None else f"{which[0]} {which[1]}"

    def of_error(self, error):
        """That it is the very object; which type it has, if it is none of the plan's."""
        which = self._errors.which(error)
        return type(error).__name__ if which is None else f"the very {which[0]} {which[1]}"

    def knows(self, error):
        return self._errors.which(error) is not None

    def forget(self):
        """Errors that are kept here would hold what was at work when they were raised."""
        for error in self._raised:
            error.with_traceback(None).__context__ = None


# ------------------------------------------------------------------ games


def game(student, plan):
    """How it came out, told like everything in it; and what started threads."""
    play(student, plan, Words(), "")
    return list(threads_started)


def play(student, plan, words, within):
    left, right = (side(student, plan[name], words, within + name) for name in ("left", "right"))
    try:
        tell(within + "game", "returns", words.of(student.ping_pong(left, right, words.value(plan["ball"]))))
    except NotImplementedError:
        raise
    except BaseException as error:
        tell(within + "game", "raises", words.of_error(error))


def side(student, plan, words, name):
    def function(ball, hit):
        tell(name, "begins", words.of(ball))
        try:
            for value in plan["hits"]:
                if plan["game"] is not None:
                    play(student, plan["game"], words, name + ".")
                tell(name, "gets", words.of(hit(words.value(value))))
            if plan["raises"] is not None:
                raise words.error(plan["raises"])
            return words.value(plan["returns"])
        except GreenletExit:
            tell(name, "is ended")
            for _ in range(plan["hits when ended"]):
                try:
                    tell(name, "gets", words.of(hit(None)))
                except RuntimeError:
                    tell(name, "is refused")
            if plan["raises when ended"] is not None:
                raise words.error(plan["raises when ended"]) from None
            if plan["swallows"]:
                return None
            raise

    return function


def late_hits(student, hits):
    """What comes of a `hit` that is kept until the game is over; `hits`: whether left has hit at all."""
    kept = []

    def left(ball, hit):
        kept.append(hit)
        return hit(ball) if hits else ball

    def right(ball, hit):
        kept.append(hit)
        return ball

    student.ping_pong(left, right, 1)
    outcomes = []
    for hit in [*kept]:
        try:
            outcomes.append(["returned", hit(2) == 2])
        except RuntimeError:
            outcomes.append(["refused", True])
    return outcomes


# ------------------------------------------------------------------ iterators


def arguments(student, named):
    """What the function is called with, where it takes arguments of these names."""
    given = student.generator(lambda emit, /, *args, **options: [list(args), options])(1, 2, **named)
    try:
        next(given)
    except StopIteration as end:
        return end.value


class LeavesError(BaseException):
    """Nobody else holds it, so that it may go, and all that its traceback holds."""


def held_after_error(student, action):
    """Whether anything is held of a function that has raised what was caught and forgotten."""
    thing = Thing()
    held = ref(thing)

    def function(emit, thing):
        try:
            emit(1)
        finally:
            raise LeavesError

    disable()
    try:
        iterator = student.generator(function)(thing)
        next(iterator)
        del thing
        try:
            iterator.send(None) if action == "send" else iterator.close() if action == "close" else next(iterator)
        except LeavesError:
            pass
        else:
            return "nothing was raised"
        return held() is not None
    finally:
        enable()


class Thing:
    """What a function holds, to be seen let go."""


class Iterators:
    """Functions that emit as their plans say, by name, and what is done with their iterators."""

    def __init__(self, student, plans):
        self._words = Words()
        self._make = student.generator(self._function)
        self._things = {}
        self._iterators = {name: self._new(name, plan) for name, plan in plans.items()}

    def _new(self, name, plan):
        thing = Thing()
        self._things[name] = ref(thing)
        return self._make(name, plan, thing=thing)

    def _function(self, emit, name, plan, thing):
        tell(name, "begins")
        self._perform(emit, name, plan["steps"])
        tell(name, "comes to its end")
        return self._words.value(plan["returns"])

    def _perform(self, emit, name, steps):
        for action, argument in steps:
            match action:
                case "emit":
                    tell(name, "gets", self._words.of(emit(self._words.value(argument))))
                case "deeper":
                    self._perform(emit, name, argument)
                case "minded":
                    try:
                        self._perform(emit, name, argument)
                    finally:
                        tell(name, "cleans up")
                case "fails when ended":
                    try:
                        emit(None)
                    except GreenletExit:
                        raise self._words.error(argument) from None
                case "raise":
                    raise self._words.error(argument)
                case "ask itself":
                    tell(name, "asked itself", self._outcome(self._iterators[name], argument, None))
                case "ask the other":
                    other = self._iterators.get("b" if name == "a" else "a")
                    if other is not None:
                        tell(name, "asked the other", self._outcome(other, argument, None))
                    other = None
                case "iterate":
                    self._iterate(emit, name, argument)

    def _iterate(self, emit, name, argument):
        """Emits the first values of another iterator, and closes or drops that."""
        plan, most, closes = argument
        values = self._new(f"{name}'s own", plan)
        try:
            for _ in range(most):
                try:
                    value = next(values)
                except StopIteration as end:
                    tell(name, "saw the end", self._words.of(end.value))
                    break
                tell(name, "passes on", self._words.of(emit(value)))
            if closes:
                values.close()
        finally:
            values = None

    def do(self, number, name, action, value, elsewhere):
        """One thing is done with an iterator, perhaps in another greenlet."""
        if action == "drop" and elsewhere:
            outcome = greenlet(lambda: self._drop(name)).switch()
        elif action == "drop":
            outcome = self._drop(name)
        elif name not in self._iterators:
            return
        elif elsewhere:
            outcome = greenlet(lambda: self._outcome(self._iterators[name], action, value)).switch()
        else:
            outcome = self._outcome(self._iterators[name], action, value)
        tell(f"call {number}", name, action, outcome)

    def _drop(self, name):
        self._iterators.pop(name, None)
        return "dropped"

    def _outcome(self, iterator, action, value):
        try:
            match action:
                case "next":
                    return f"gives {self._words.of(next(iterator))}"
                case "send":
                    return f"gives {self._words.of(iterator.send(None if value is None else self._words.value(value)))}"
                case "close":
                    iterator.close()
                    return "closed"
                case "iter":
                    return "itself" if iter(iterator) is iterator else "another object"
        except NotImplementedError:
            raise
        except BaseException as error:
            if type(error) is StopIteration and not self._words.knows(error):
                return f"stops with {self._words.of(error.value)}"
            return f"raises {self._words.of_error(error)}"

    def alive(self):
        self._words.forget()
        return sorted(name for name, thing in self._things.items() if thing() is not None)


def iterate(student, plans, calls_made):
    """Does the calls one after another, and tells after each of them what is still held."""
    log.begin()
    sys.unraisablehook = lambda about: tell("somebody", "hears of an error that nobody is to hear of")
    disable()
    try:
        iterators = Iterators(student, plans)
        for number, (name, action, value, elsewhere) in enumerate(calls_made, 1):
            iterators.do(number, name, action, value, elsewhere)
            tell("alive", iterators.alive())
    finally:
        log.end()  # what is dropped from now on is ended, too
        enable()
    return list(threads_started)
