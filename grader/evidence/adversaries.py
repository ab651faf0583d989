"""Adversaries for plans: which strange objects a scenario is to make, drawn as plain data, and told in words.

    PLANS = st.lists(values(but=["none"]), max_size=4)

A statement's words say which are admitted. `grader.player.adversaries` makes them, and knows them again.
"""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from grader.player import adversaries
from grader.player.adversaries import Described

_EACH = 2  # objects of a kind; of more, hardly ever would the same come twice

_IN_WORDS = {
    "value": {
        "plain": "an object",
        "none": "None",
        "falsy": "an object that counts as false",
        "equal": "an object that equals everything",
        "unequal": "an object that equals nothing",
        "truthless": "an object that is neither true nor false",
        "unhashable": "an object without a hash",
        "list": "an empty list",
        "pair": "a tuple",
        "error": "an exception as a value",
        "stop": "a StopIteration as a value",
    },
    "error": {
        "plain": "an exception",
        "outside": "an exception that is no Exception",
        "falsy": "an exception that counts as false",
        "equal": "an exception that equals every other",
        "empty": "queue.Empty",
    },
    "iterable": {
        "iterator": "an iterator",
        "fails at once": "an iterable whose __iter__ raises",
        "fails behind": "an iterable that raises behind its last item",
    },
}


def values(but: Iterable[str] = ()) -> st.SearchStrategy[Described]:
    """`(kind, number)` of a value, the plain ones first; none of the kinds `but`."""
    return _described(adversaries.VALUES, but)


def errors(*builtin: str, but: Iterable[str] = ()) -> st.SearchStrategy[Described]:
    """The same of an exception; `builtin` are names of Python's own that may come as well, such as "StopIteration"."""
    return _described([*adversaries.ERRORS, *builtin], but)


def each_value(but: Iterable[str] = ()) -> list[Described]:
    """One of each kind that `values` may draw: for plans that come first, as none is to be missed by chance."""
    return [(kind, 0) for kind in _admitted(adversaries.VALUES, but)]


def each_error(*builtin: str, but: Iterable[str] = ()) -> list[Described]:
    """The same of `errors`."""
    return [(kind, 0) for kind in _admitted([*adversaries.ERRORS, *builtin], but)]


def iterables(*others: str) -> st.SearchStrategy[str]:
    """A kind of iterable: one that gives all items in their order, or one of these others."""
    return st.sampled_from(["list", "tuple", "iterator", "generator", *others])


def in_words(what: str, kind: str) -> str:
    """For feedback; `what` is "value", "error" or "iterable"."""
    return _IN_WORDS[what].get(kind, f"a {kind}")


def _described(kinds: Iterable[str], but: Iterable[str]) -> st.SearchStrategy[Described]:
    return st.tuples(st.sampled_from(_admitted(kinds, but)), st.integers(0, _EACH - 1)).map(_the_only)


def _admitted(kinds: Iterable[str], but: Iterable[str]) -> list[str]:
    left_out = set(but)
    return [kind for kind in kinds if kind not in left_out]


def _the_only(described: Described) -> Described:
    return ("none", 0) if described[0] == "none" else described
