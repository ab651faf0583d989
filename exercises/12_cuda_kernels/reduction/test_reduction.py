"""Public tests: run `pytest` in this folder."""

import numpy as np
import pytest
from reduction import reduce_sum


def numbers(length):
    return np.float32(np.arange(length) % 17 - 6)


def test_three_numbers():
    total = reduce_sum(np.float32([1, 2, 3.5]))
    assert isinstance(total, float | np.float32)
    assert total == 6.5


@pytest.mark.parametrize("length", [1, 2, 32, 255, 256, 257, 5000, 100_001])
def test_any_length(length):
    a = numbers(length)
    assert abs(reduce_sum(a) - numbers(length).sum(dtype=np.float64)) <= 1e-4 * abs(a).sum()
    assert a.tolist() == numbers(length).tolist()


def test_nothing_to_add_up():
    assert reduce_sum(numbers(0)) == 0


def test_again_and_again():
    assert [reduce_sum(numbers(1000)) for _ in range(3)] == [numbers(1000).sum()] * 3
