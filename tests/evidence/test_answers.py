"""Shapes of what scenarios tell."""

from __future__ import annotations

from typing import Any

import pytest

from grader.evidence import OneOf, answer, answers
from grader.evidence.answers import has_shape
from grader.evidence.feedback import Feedback


@pytest.mark.parametrize(
    ("told", "shape"),
    [
        (None, object),
        (None, None),
        (1, int),
        ("x", str),
        (1, float),
        (1.5, float),
        ([], [int]),
        ([1, 2], [int]),
        ([1, "x"], (int, str)),
        ([], ()),
        ([1, None], 2),
        ({"a": 1, "b": [2]}, {"a": int, "b": (object,)}),
        ("x", OneOf(str, (int,))),
        ([1], OneOf(str, (int,))),
    ],
)
def test_what_has_the_shape_is_taken(told: Any, shape: Any) -> None:
    assert answer(told, shape) is told


@pytest.mark.parametrize(
    ("told", "shape"),
    [
        (1, None),
        (True, int),
        (10**300, int),
        (1, bool),
        (True, float),
        (float("nan"), float),
        (float("inf"), float),
        (10**400, float),
        ("1", float),
        ((), [int]),
        ([1, "x"], [int]),
        ([1], (int, str)),
        ((1, "x"), (int, str)),
        ([1], 2),
        ("ab", 2),
        ({"a": 1}, {"a": int, "b": int}),
        ({"a": 1, "b": 1}, {"a": int}),
        ([], {}),
        ([1, 2], OneOf(str, (int,))),
    ],
)
def test_what_has_not_fails_the_check(told: Any, shape: Any) -> None:
    assert not has_shape(told, shape)
    with pytest.raises(AssertionError) as caught:
        answer(told, shape)
    assert isinstance(caught.value.args[0], Feedback)


def test_each_case_comes_with_what_was_told_of_it() -> None:
    assert list(answers([[1], [2]], (int,), "ab")) == [("a", [1]), ("b", [2])]


@pytest.mark.parametrize("told", [None, [], [[1]], [[1], [2], [3]], [[1], "x"]])
def test_silence_about_a_case_fails_the_check(told: Any) -> None:
    with pytest.raises(AssertionError):
        list(answers(told, (int,), "ab"))


def test_a_failure_shows_before_what_is_missing_behind_it() -> None:
    """A scenario may end at the first failure."""
    told = answers([[1]], (int,), "ab")
    assert next(told) == ("a", [1])
    with pytest.raises(AssertionError):
        next(told)
