"""Public tests: run `pytest` in this folder."""

from itertools import islice

import pytest
from sliding_window import sliding_window


class Numbers:
    """Gives 0, 1, 2 and so on, and counts how many were taken."""

    def __init__(self):
        self.taken = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.taken == 1000:
            pytest.fail("1000 items were taken, far more than any window of these tests needs")
        self.taken += 1
        return self.taken - 1


@pytest.mark.parametrize(
    ("n", "windows"),
    [
        (1, [("a",), ("b",), ("c",), ("d",)]),
        (2, [("a", "b"), ("b", "c"), ("c", "d")]),
        (3, [("a", "b", "c"), ("b", "c", "d")]),
        (4, [("a", "b", "c", "d")]),
    ],
)
def test_every_run_of_n_neighbors_is_a_window(n, windows):
    assert list(sliding_window("abcd", n)) == windows


def test_an_iterator_will_do():
    assert list(sliding_window(iter([1, 2, 3]), 2)) == [(1, 2), (2, 3)]


def test_anything_can_be_an_item():
    assert list(sliding_window([None, None, 0, []], 2)) == [(None, None), (None, 0), (0, [])]


@pytest.mark.parametrize("items", ["", "a", "ab"])
def test_a_short_input_gives_no_window(items):
    assert list(sliding_window(items, 3)) == []


def test_an_endless_input_works():
    assert list(islice(sliding_window(Numbers(), 2), 3)) == [(0, 1), (1, 2), (2, 3)]


def test_no_more_is_taken_than_needed():
    numbers = Numbers()
    windows = sliding_window(numbers, 3)

    taken = [numbers.taken]
    for _ in range(3):
        next(windows)
        taken.append(numbers.taken)

    assert taken == [0, 3, 4, 5]


def test_an_exception_of_the_input_comes_out_in_its_place():
    def broken():
        yield 1
        yield 2
        raise KeyError("broken")

    windows = sliding_window(broken(), 2)

    assert next(windows) == (1, 2)
    with pytest.raises(KeyError):
        next(windows)


@pytest.mark.parametrize("n", [0, -1])
def test_n_must_be_at_least_1(n):
    with pytest.raises(ValueError):
        next(sliding_window([1, 2, 3], n))
