"""Drives the four ways to serve. The counter is answered by the judge; customers and receipts may be strange objects.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import (
    Exception,
    LookupError,
    NotImplementedError,
    StopIteration,
    TimeoutError,
    TypeError,
    ValueError,
    enumerate,
    float,
    iter,
    list,
    next,
    object,
    tuple,
    type,
)

from grader.player.callbacks import DirectCallback

METHODS = ("serve", "enter", "wait_until_ready", "step", "begin", "wait_until_done", "receipt")


def serve(student, way, kinds, who, given_as):
    """How it ended, and with what. `way`: which of the four, or by how many clerks.

    `kinds`: of customers, and `who` of them comes, one after another.
    """
    return outcome(lambda: function_of(student, way), kinds, who, given_as)


def serve_again(student, clerks, kinds, crowds):
    """One function that `serve_with_clerks` has made, used for one crowd after another."""
    serve = student.serve_with_clerks(clerks)
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
    known = [STRANGERS[kind]() if kind in STRANGERS else kind for kind in kinds]
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
        self._made = []
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
        """What comes out: `["gives", value, …]`, or an object of a kind that is given back or raised, and its tag."""
        how, what, tag = receipt
        if how == "gives":
            return what
        made = STRANGERS[what]()
        self._made.append((made, tag))
        if how == "raises":
            raise made
        return made

    def told(self, thing):
        """The tag of what was made here; other things as they are."""
        for made, tag in self._made:
            if made is thing:
                return ["made", tag]
        return ["given", thing]


class NoMoreThanIterable:
    def __init__(self, customers):
        self._customers = customers

    def __iter__(self):
        return iter(self._customers)


GIVEN_AS = {
    "a list": list,
    "a tuple": tuple,
    "an iterator": iter,
    "a generator": lambda customers: (customer for customer in customers),
    "an iterable": NoMoreThanIterable,
}


# ------------------------------------------------------------------ strange objects


class EqualToEverything:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0


class EqualToNothing(EqualToEverything):
    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    __hash__ = EqualToEverything.__hash__


class NeitherTrueNorFalse:
    def __bool__(self):
        raise TypeError("it is neither true nor false")


class NotTrue:
    def __bool__(self):
        return False


class Unhashable:
    __hash__ = None


class Incomparable:
    def __eq__(self, other):
        raise TypeError("it cannot be compared")

    def __hash__(self):
        raise TypeError("it cannot be hashed")


class FalseError(LookupError):
    def __bool__(self):
        return False


class EqualError(ValueError):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


STRANGERS = {
    "None": lambda: None,
    "nan": lambda: float("nan"),
    "object": object,
    "equal to everything": EqualToEverything,
    "equal to everything, too": EqualToEverything,
    "equal to nothing": EqualToNothing,
    "neither true nor false": NeitherTrueNorFalse,
    "false": NotTrue,
    "unhashable": Unhashable,
    "incomparable": Incomparable,
    "error": LookupError,
    "false error": FalseError,
    "equal error": EqualError,
    "StopIteration": StopIteration,
    "TimeoutError": TimeoutError,
}
