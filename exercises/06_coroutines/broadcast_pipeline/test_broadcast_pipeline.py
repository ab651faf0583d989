"""Public tests: run `pytest` in this folder."""

from collections.abc import Generator

import pytest
from broadcast_pipeline import broadcast, coroutine, filter_, map_, sink, source


class Target(Generator):
    """Stands for a primed coroutine: keeps what it is sent, counts how often it is closed, and raises at one item."""

    def __init__(self, raises_at=None):
        self.sent = []
        self.closed = 0
        self.raises_at = raises_at

    def send(self, item):
        if item is not None and item == self.raises_at:
            raise ValueError(item)
        self.sent.append(item)

    def throw(self, *error):
        pytest.fail("an exception was thrown into a target: it should be closed instead")

    def close(self):
        self.closed += 1


def is_even(number):
    return number % 2 == 0


def square(number):
    return number * number


# ------------------------------------------------------------------ the decorator


def echo(heard, times=1):
    """Keeps what it hears."""
    while True:
        heard.extend([(yield)] * times)


def test_a_decorated_coroutine_can_be_sent_to_at_once():
    heard = []
    coroutine(echo)(heard).send("a")
    coroutine(echo)(heard, times=2).send("b")
    assert heard == ["a", "b", "b"]


def test_a_decorated_coroutine_keeps_its_name_and_docstring():
    decorated = coroutine(echo)
    assert (decorated.__name__, decorated.__doc__) == ("echo", "Keeps what it hears.")


# ------------------------------------------------------------------ items


def test_map_sends_on_what_the_function_gives():
    target = Target()
    source([1, 2, 3], map_(square, target))
    assert target.sent == [1, 4, 9]


def test_filter_sends_on_the_items_for_which_it_is_true():
    target = Target()
    source([1, 2, 3, 4], filter_(is_even, target))
    assert target.sent == [2, 4]


def test_broadcast_sends_everything_to_everybody():
    targets = [Target(), Target(), Target()]
    source("ab", broadcast(*targets))
    assert [target.sent for target in targets] == [["a", "b"]] * 3


def test_a_whole_pipeline():
    evens, squares = [], []
    to_evens = filter_(is_even, sink(evens.append))
    to_squares = map_(square, sink(squares.append))

    assert source(range(5), broadcast(to_evens, to_squares)) is None

    assert (evens, squares) == ([0, 2, 4], [0, 1, 4, 9, 16])


def test_an_item_is_through_before_the_next_is_taken():
    log = []

    def items():
        for item in (1, 2):
            log.append(f"{item} taken")
            yield item

    source(items(), map_(str, sink(log.append)))
    assert log == ["1 taken", "1", "2 taken", "2"]


# ------------------------------------------------------------------ the end


@pytest.mark.parametrize("items", [[], [1, 2, 3]])
def test_source_closes_every_target_once(items):
    left, right = Target(), Target()
    first, second = filter_(is_even, left), map_(square, right)
    source(items, broadcast(first, second))
    assert (left.closed, right.closed) == (1, 1)


def test_a_stage_that_is_closed_before_any_item_closes_its_target():
    target = Target()
    stage = map_(square, target)
    stage.close()
    stage.close()
    assert target.closed == 1


def test_an_exception_in_one_branch_closes_the_others():
    left, broken, right = Target(), Target(raises_at=2), Target()
    with pytest.raises(ValueError):
        source([1, 2, 3], broadcast(left, broken, right))
    assert (left.sent, right.sent) == ([1, 2], [1])
    assert (left.closed, right.closed) == (1, 1)


def test_an_exception_of_a_function_closes_the_target():
    target = Target()
    stage = map_(square, target)
    with pytest.raises(TypeError):
        stage.send("no number")
    assert target.closed == 1


def test_an_exception_of_the_items_closes_the_target():
    def broken():
        yield 1
        raise KeyError("broken")

    target = Target()
    with pytest.raises(KeyError):
        source(broken(), target)
    assert (target.sent, target.closed) == ([1], 1)
