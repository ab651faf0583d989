"""Public tests: run `pytest` in this folder."""

import sys

import pytest
from trampoline import trampoline


def give(value):
    """A generator that returns the value and calls nobody."""
    return value
    yield


def fail(error):
    """A generator that raises the error."""
    raise error
    yield


def count_down(levels, at_the_bottom):
    """Calls itself so many levels deep, and adds one for each on the way back."""
    if levels == 0:
        return at_the_bottom()
    return 1 + (yield count_down(levels - 1, at_the_bottom))


def stack_height():
    frame, height = sys._getframe(), 0
    while frame is not None:
        frame, height = frame.f_back, height + 1
    return height


def test_a_generator_that_calls_nobody():
    assert trampoline(give(42)) == 42


def test_a_caller_gets_what_its_callees_return():
    def add():
        return (yield give(1)) + (yield give(2))

    assert trampoline(add()) == 3


@pytest.mark.parametrize("value", [None, 0, False, [], (1, 2)])
def test_any_value_can_be_returned(value):
    def hand_on():
        return (yield give(value))

    assert trampoline(hand_on()) == value


def test_generators_that_call_each_other():
    def is_even(n):
        return True if n == 0 else (yield is_odd(n - 1))

    def is_odd(n):
        return False if n == 0 else (yield is_even(n - 1))

    assert trampoline(is_even(10)) is True
    assert trampoline(is_even(7)) is False


def test_an_exception_is_raised_where_the_caller_waits():
    error = KeyError("nothing there")

    def caller():
        try:
            yield fail(error)
        except KeyError as caught:
            return caught

    assert trampoline(caller()) is error


def test_a_caller_that_has_caught_an_exception_can_go_on():
    def caller():
        try:
            yield fail(KeyError())
        except KeyError:
            return (yield give("instead")) + "!"

    assert trampoline(caller()) == "instead!"


def test_an_exception_passes_all_who_wait():
    passed = []

    def level(number):
        try:
            yield level(number - 1) if number else fail(KeyError("from below"))
        finally:
            passed.append(number)

    with pytest.raises(KeyError, match="from below"):
        trampoline(level(3))
    assert passed == [0, 1, 2, 3]


def test_yielding_something_else_is_a_mistake():
    def mistaken():
        try:
            yield 42
        except TypeError:
            return "told so"

    assert trampoline(mistaken()) == "told so"


def test_the_argument_must_be_a_generator():
    with pytest.raises(TypeError):
        trampoline(give)


def test_deep_calls():
    assert trampoline(count_down(100_000, lambda: 0)) == 100_000


def test_a_deep_exception():
    def at_the_bottom():
        raise KeyError("from the bottom")

    with pytest.raises(KeyError, match="from the bottom"):
        trampoline(count_down(100_000, at_the_bottom))


def test_the_stack_does_not_grow():
    heights = [trampoline(count_down(levels, stack_height)) - levels for levels in (1, 100)]

    assert heights[1] - heights[0] < 10


def test_a_run_inside_a_run():
    def outer():
        inside = trampoline(count_down(3, lambda: 0))
        return inside + (yield give(10))

    assert trampoline(outer()) == 13
