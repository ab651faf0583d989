"""Public tests: run `pytest` in this folder."""

import numpy as np
import pytest
from prefix_scan import exclusive_scan


def numbers(length):
    return (np.arange(length) * 7919 % 251 - 100).astype(np.int32)


def scanned(a):
    return [0, *np.cumsum(a).tolist()][: len(a)]


def test_five_elements():
    assert exclusive_scan(np.int32([3, 1, 7, 0, 4])).tolist() == [0, 3, 4, 11, 11]


@pytest.mark.parametrize("length", [1, 2, 31, 64, 500, 512, 513, 5000, 100_000])
def test_any_length(length):
    a = numbers(length)
    sums = exclusive_scan(a)
    assert sums.dtype == np.int32
    assert sums.tolist() == scanned(a)
    assert a.tolist() == numbers(length).tolist()


def test_nothing_to_scan():
    assert exclusive_scan(numbers(0)).tolist() == []
