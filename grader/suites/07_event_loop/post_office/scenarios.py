"""Drives the four ways to serve. The counter is answered by the judge; customers and receipts may be strange objects.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import Exception, NotImplementedError, ValueError, enumerate, iter, list, next, tuple, type
from typing import Any

from grader.player.adversaries import Cast
from grader.player.callbacks import DirectCallback

METHODS = ("serve", "enter", "wait_until_ready", "step", "begin", "wait_until_done", "receipt")


def serve(student, way, kinds, who, given_as):
    """How it ended, and with what. `way`: which of the four, or by how many clerks.

    `kinds`: the customers there are, and `who` of them comes, one after another.
    """
    return outcome(lambda: function_of(student, way), kinds, who, given_as)


def serve_again(student, way, kinds, crowds):
    """One function, such as `serve_with_clerks` has made, used for one crowd after another."""
    serve = function_of(student, way)
    return [outcome(lambda: serve, kinds, who, "a list") for who in crowds]


def hire(student, clerks):
    student.serve_with_clerks(clerks)


def function_of(student, way):
    match way:
        case "line":
            return student.serve_in_line
        case "readiness":
            return student.serve_by_readiness
        case "completion":
            return student.serve_by_completion
    return student.serve_with_clerks(way)


def outcome(find, kinds, who, given_as):
    cast = Cast()
    known = [kind if type(kind) is str else cast.value(kind) for kind in kinds]
    counter = Counter(known)
    try:
        receipts = find()(GIVEN_AS[given_as]([known[number] for number in who]), counter)
    except NotImplementedError:
        raise
    except Exception as error:
        return ["raised", counter.told(error)]
    if type(receipts) is not list:
        return ["returned", type(receipts).__name__]
    return ["returned", [counter.told(receipt) for receipt in receipts]]


# ------------------------------------------------------------------ the counter


class Counter:
    """Asks the judge. Objects cannot go there and back: so customers go by their numbers, and strange receipts are made
    here."""

    def __init__(self, known):
        self._known = known
        self._receipts = Cast()
        self._ask = {name: DirectCallback(name) for name in METHODS}

    def serve(self, customer):
        return self._made_of(self._ask["serve"](self._number_of(customer)))

    def enter(self, customer):
        return self._ask["enter"](self._number_of(customer))

    def wait_until_ready(self, tickets):
        return self._ask["wait_until_ready"](list(tickets))

    def step(self, ticket):
        return self._ask["step"](ticket)

    def begin(self, customer):
        return self._ask["begin"](self._number_of(customer))

    def wait_until_done(self):
        return self._ask["wait_until_done"]()

    def receipt(self, ticket):
        return self._made_of(self._ask["receipt"](ticket))

    def _number_of(self, customer):
        return next((number for number, other in enumerate(self._known) if other is customer), -1)

    def _made_of(self, receipt):
        """What comes out of what the judge says of it: it gives a value, or makes or raises what this describes."""
        how, what = receipt
        if how == "raises":
            raise self._receipts.error(what)
        return self._receipts.value(what) if how == "makes" else what

    def told(self, thing):
        """What was said of what was made here; other things as they are."""
        described = self._receipts.which(thing)
        return ["given", thing] if described is None else ["made", list(described)]


class NoMoreThanIterable:
    def __init__(self, customers):
        self._customers = customers

    def __iter__(self):
        return iter(self._customers)


class CountsAsFalse(NoMoreThanIterable):
    def __bool__(self):
        return False


class NeitherTrueNorFalse(NoMoreThanIterable):
    """As an array."""

    def __bool__(self):
        raise ValueError("these customers are neither true nor false")

    def __eq__(self, other):
        return self

    __hash__ = None  # type: ignore[assignment]


GIVEN_AS: dict[str, Any] = {
    "a list": list,
    "a tuple": tuple,
    "an iterator": iter,
    "a generator": lambda customers: (customer for customer in customers),
    "an iterable": NoMoreThanIterable,
    "an iterable that counts as false": CountsAsFalse,
    "an iterable that is neither true nor false": NeitherTrueNorFalse,
}
