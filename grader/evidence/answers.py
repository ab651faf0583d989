"""What a scenario tells has the shape that a suite says, or the check fails: never is it trouble of ours.

A scenario runs beside the student's code, which may have changed it. So nothing that it tells is counted, unpacked or
formatted before its shape is known. Where a value is the student's own (a result, say), its shape is `object`, and
`expect` or `same` says whether it is right.

A shape is
    object                  anything
    str, bool, list …       exactly of that type
    int                     a whole number that floats can hold as well
    float                   a finite number, whole or not
    None                    None
    [shape]                 a list of things of that shape
    (shape, shape, …)       a list of exactly these
    n                       a list of n things
    {name: shape, …}        a dict with exactly these names
    OneOf(shape, …)         any of these
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from .feedback import Feedback, feedback

T = TypeVar("T")
Shape = Any
_LARGEST = 1 << 53


class OneOf:
    """A shape: any of several."""

    def __init__(self, *shapes: Shape) -> None:
        self.shapes = shapes


def answer(told: Any, shape: Shape) -> Any:
    """What a scenario has told, if it has the shape. Otherwise fails the check."""
    if not has_shape(told, shape):
        raise AssertionError(_unanswered())
    return told


def answers(told: Any, shape: Shape, cases: Sequence[T]) -> Iterator[tuple[T, Any]]:
    """Each case with what a scenario has told of it, see `answer`. Silence is no answer.

    So the check fails where there are not as many as cases; behind the last, as a scenario may end at a failure.
    """
    told = told if type(told) is list else []
    for case, one in zip(cases, told, strict=False):
        yield case, answer(one, shape)
    if len(told) != len(cases):
        raise AssertionError(_unanswered())


def has_shape(value: Any, shape: Shape) -> bool:
    if isinstance(shape, OneOf):
        return any(has_shape(value, one) for one in shape.shapes)
    if isinstance(shape, dict):
        same_names = type(value) is dict and value.keys() == shape.keys()
        return same_names and all(has_shape(value[name], one) for name, one in shape.items())
    if isinstance(shape, list):
        return type(value) is list and all(has_shape(one, shape[0]) for one in value)
    if isinstance(shape, tuple):
        as_many = type(value) is list and len(value) == len(shape)
        return as_many and all(has_shape(one, of_it) for one, of_it in zip(value, shape, strict=True))
    if isinstance(shape, int):
        return type(value) is list and len(value) == shape
    return _is_scalar(value, shape)


def _is_scalar(value: Any, shape: Shape) -> bool:
    if shape is object or shape is None:
        return shape is object or value is None
    if type(value) is int:
        return shape in (int, float) and abs(value) <= _LARGEST
    return type(value) is shape and (shape is not float or math.isfinite(value))


def _unanswered() -> Feedback:
    expected = "every call of your code to come to its end and be told of"
    return feedback(expected, "of some of them nothing was told", "whether your file changes what is not its own")
