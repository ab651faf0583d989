"""Public tests: run `pytest` in this folder."""

from itertools import islice

import pytest
from round_robin import round_robin


@pytest.fixture
def log():
    """What the inputs made by `spoken` have been through."""
    return []


def spoken(log, name, items):
    """An input that says when it is asked for an item, and when it is closed."""
    try:
        for item in items:
            log.append(f"{name} asked")
            if item == "stumble":
                raise ValueError(name)
            yield item
        log.append(f"{name} asked")
    except GeneratorExit:
        log.append(f"{name} closed")
        raise


@pytest.mark.parametrize(
    ("inputs", "items"),
    [
        (["abc", "def"], "adbecf"),
        (["abc", "d", "ef"], "adebfc"),
        (["a", "bcd", "ef"], "abecfd"),
        (["", "ab", "", "c"], "acb"),
        (["abc"], "abc"),
        (["", ""], ""),
        ([], ""),
    ],
)
def test_one_item_of_each_by_turns(inputs, items):
    assert "".join(round_robin(*inputs)) == items


def test_anything_can_be_an_item():
    assert list(round_robin([None, 0], [[], None], [False])) == [None, [], False, 0, None]


def test_inputs_may_be_of_different_kinds():
    assert list(round_robin(range(2), "ab", {"x": 1}, iter((None,)))) == [0, "a", "x", None, 1, "b"]


def test_no_input_is_asked_too_early(log):
    by_turns = round_robin(spoken(log, "left", "ab"), spoken(log, "right", "cd"))
    assert log == []

    assert list(islice(by_turns, 3)) == ["a", "c", "b"]
    assert log == ["left asked", "right asked", "left asked"]


def test_an_exhausted_input_is_not_asked_again(log):
    assert list(round_robin(spoken(log, "left", "a"), "bcde")) == ["a", "b", "c", "d", "e"]
    assert log == ["left asked", "left asked"]


def test_close_closes_all_inputs(log):
    left, right = spoken(log, "left", "abc"), spoken(log, "right", "def")
    by_turns = round_robin(left, [1, 2, 3], right)
    for _ in range(3):
        next(by_turns)

    by_turns.close()

    assert {"left closed", "right closed"} <= set(log)
    assert list(by_turns) == []


def test_an_exception_of_an_input_closes_the_others(log):
    left, middle = spoken(log, "left", "abc"), spoken(log, "middle", ["d", "stumble"])
    right = spoken(log, "right", "ghi")
    by_turns = round_robin(left, middle, right)

    with pytest.raises(ValueError, match="middle"):
        list(by_turns)

    assert {"left closed", "right closed"} <= set(log)


def test_an_exception_thrown_in_closes_all(log):
    left = spoken(log, "left", "abc")
    by_turns = round_robin(left, "def")
    next(by_turns)

    with pytest.raises(KeyError):
        by_turns.throw(KeyError("stop"))

    assert "left closed" in log
