"""Public tests: run `pytest` in this folder."""

import numpy as np
import pycuda.driver as drv
import pytest
from pycuda.compiler import SourceModule
from vector_add import KERNEL, add


def numbers(length, first=0):
    return np.arange(first, first + length, dtype=np.float32)


def test_three_elements():
    assert add(np.float32([1, 2, 3]), np.float32([10, 20, 30])).tolist() == [11, 22, 33]


@pytest.mark.parametrize("length", [1, 32, 255, 257, 1000])
def test_any_length(length):
    a, b = numbers(length), numbers(length, 7)
    sums = add(a, b)
    assert sums.dtype == np.float32
    assert sums.tolist() == (a + b).tolist()


def test_nothing_to_add():
    assert add(numbers(0), numbers(0)).tolist() == []


@pytest.mark.parametrize(("grid", "block"), [((1, 1), (32, 1, 1)), ((40, 1), (64, 1, 1)), ((3, 1), (8, 4, 1))])
def test_the_kernel_with_any_grid_and_block(grid, block):
    a, b = numbers(1000), numbers(1000, 3)
    c = np.zeros(1000, np.float32)
    kernel = SourceModule(KERNEL).get_function("add")
    kernel(drv.Out(c), drv.In(a), drv.In(b), np.int32(1000), grid=grid, block=block)
    assert c.tolist() == (a + b).tolist()
