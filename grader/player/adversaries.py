"""Objects that careless code takes for something else, made from what the judge says of them, and known again.

A scenario makes them with a `Cast`, hands them to the student's code, and tells which of them came back:

    cast = Cast()
    results = student.run_all([partial(cast.value, described) for described in values])
    return [cast.which(result) for result in results]

What is said of one, `(kind, number)`, is plain data, which `grader.evidence.adversaries` draws. The same words make the
same object, another number another one. Processes cannot be given them, as nobody can import what they are made of
there; callbacks can.
"""

from __future__ import annotations

import builtins
import queue
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Described = tuple[str, int]


class Cast:
    """All that was made for one call of the student's code, kept so that each can be told from all others."""

    def __init__(self) -> None:
        self._made: list[tuple[Described, Any]] = []

    def value(self, described: Described) -> Any:
        """`(kind, number)`, of VALUES."""
        return self._one(described, VALUES[described[0]])

    def error(self, described: Described) -> BaseException:
        """`(kind, number)`, of ERRORS or the name of one of Python's own exceptions. Not raised yet."""
        kind = described[0]
        made: BaseException = self._one(described, ERRORS.get(kind) or getattr(builtins, kind))
        return made

    def which(self, thing: object) -> Described | None:
        """What was said of this very object; None if it is none of these."""
        return next((described for described, made in self._made if made is thing), None)

    def _one(self, described: Described, make: Callable[[], Any]) -> Any:
        for known, made in self._made:
            if known == described:
                return made
        made = make()
        self._made.append((described, made))
        return made


# ------------------------------------------------------------------ values


class Equal:
    """Equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 1


class Unequal:
    """Equals nothing, not even itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


class Falsy:
    """Counts as false, and is there all the same."""

    def __bool__(self) -> bool:
        return False


class Truthless:
    """Is neither true nor false, as an array."""

    def __bool__(self) -> bool:
        raise TypeError("this value is neither true nor false")

    def __eq__(self, other: object) -> Any:
        return self

    def __ne__(self, other: object) -> Any:
        return self

    __hash__ = object.__hash__


class Unhashable:
    """Cannot be a key."""

    __hash__ = None  # type: ignore[assignment]


class Plain:
    """Nothing is strange about it."""


VALUES: dict[str, Callable[[], Any]] = {
    "plain": Plain,
    "none": lambda: None,
    "falsy": Falsy,
    "equal": Equal,
    "unequal": Unequal,
    "truthless": Truthless,
    "unhashable": Unhashable,
    "list": list,
    "pair": lambda: (Plain(), Plain()),
    "error": lambda: OrdinaryError("a value"),
    "stop": lambda: StopIteration("a value"),
}

# ------------------------------------------------------------------ exceptions


class OrdinaryError(Exception):
    """Nothing is strange about it."""


class OutsideError(BaseException):
    """No Exception."""


class FalsyError(Exception):
    """Counts as false."""

    def __bool__(self) -> bool:
        return False


class EqualError(Exception):
    """Equals every other, and so hides among them."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


ERRORS: dict[str, Callable[[], BaseException]] = {
    "plain": OrdinaryError,
    "outside": OutsideError,
    "falsy": FalsyError,
    "equal": EqualError,
    "empty": queue.Empty,
}

# ------------------------------------------------------------------ iterables


class FailsAtOnce:
    """Cannot be iterated at all."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __iter__(self) -> Iterator[Any]:
        raise self._error


def _failing_behind(items: list[Any], error: BaseException) -> Iterator[Any]:
    yield from items
    raise error


ITERABLES: dict[str, Callable[[list[Any], Any], Any]] = {
    "list": lambda items, error: items,
    "tuple": lambda items, error: tuple(items),
    "dict": lambda items, error: dict.fromkeys(items),
    "set": lambda items, error: set(items),
    "iterator": lambda items, error: iter(items),
    "generator": lambda items, error: (item for item in items),
    "fails at once": lambda items, error: FailsAtOnce(error),
    "fails behind": _failing_behind,
}


def iterable(kind: str, items: Iterable[Any], error: BaseException | None = None) -> Any:
    """Of one of ITERABLES, over these items; those that fail raise `error`."""
    return ITERABLES[kind](list(items), error)
