"""The moments before and after the student's code, at which the judge looks at what the process has."""

from __future__ import annotations

from collections.abc import Callable
from gc import collect
from traceback import clear_frames
from typing import TypeVar

T = TypeVar("T")
_MOST_ERRORS = 9  # of a chain


def between_looks(look: Callable[[], object], call: Callable[[], T]) -> T:
    """What `call` returns; `look`, a callback of the judge's, is called before it and after it."""
    look()
    try:
        return tidily(call)
    finally:
        look()


def tidily(call: Callable[[], T]) -> T:
    """What an exception refers to is let go of: it could be queues, pipes and segments."""
    try:
        return call()
    except BaseException as e:
        chain = [e]
        for error in chain:
            clear_frames(error.__traceback__)
            others = (error.__cause__, error.__context__)
            chain += [other for other in others if other is not None and len(chain) < _MOST_ERRORS]
        raise
    finally:
        collect()
